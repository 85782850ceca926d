package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;

/** What no policy can allow: git's own files and ours, in any spelling. */
final class HardLimits {
  private static final SourcePosition HERE = new SourcePosition("hard-limits", 1, 0);
  private static final RuleMatch GIT =
      new RuleMatch(
          "hard.git", "hard-limits", HERE, Effect.DENY, "git runs what its own files say");
  private static final RuleMatch TARS =
      new RuleMatch(
          "hard.tars", "hard-limits", HERE, Effect.DENY, "policies and improvements of tarscli");

  private HardLimits() {}

  /** The limit that a write to this path breaks, or empty. */
  static java.util.Optional<RuleMatch> write(RelativePath path) {
    for (Bytes name : path.components()) {
      if (isGit(name)) {
        return java.util.Optional.of(GIT);
      }
    }
    Bytes first = Folding.fold(path.components().getFirst());
    if (first.equals(Bytes.utf8(".tars")) || first.lossyText().startsWith(".tars-tx-")) {
      return java.util.Optional.of(TARS);
    }
    return java.util.Optional.empty();
  }

  /** Never copied in: a box has no use for them, and they may hold credentials. */
  static boolean hides(RelativePath path) {
    String name = path.name().lossyText();
    return name.equals(".git") || (path.parent().isRoot() && name.equals(".tars"));
  }

  /** Also the short names and streams of file systems that git runs on. */
  static boolean isGit(Bytes name) {
    String folded = Folding.fold(name).lossyText();
    return folded.equals(".git") || folded.matches("git~[0-9]+") || folded.startsWith(".git:");
  }
}
