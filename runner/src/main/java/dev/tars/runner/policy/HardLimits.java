package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.SourcePosition;
import java.util.regex.Pattern;

/** What no policy can allow: git's own files and ours, in any spelling. */
final class HardLimits {
  private static final SourcePosition HERE = Votes.CODE;
  private static final Bytes GIT_FILES = Bytes.utf8(".git");
  private static final Bytes TARS_FILES = Bytes.utf8(".tars");
  private static final Pattern SHORT_NAME = Pattern.compile("git~[0-9]+");
  private static final RuleMatch GIT =
      new RuleMatch(
          "hard.git", "hard-limits", HERE, Effect.DENY, "git runs what its own files say");
  private static final RuleMatch TARS =
      new RuleMatch(
          "hard.tars", "hard-limits", HERE, Effect.DENY, "policies and improvements of tarscli");

  private HardLimits() {}

  /** The limit that a write to this path breaks, or empty. */
  static java.util.Optional<RuleMatch> write(PathSubject path) {
    for (int i = 0; i < path.depth(); i++) {
      if (isFoldedGit(path.foldedNames().get(i))) {
        return java.util.Optional.of(GIT);
      }
    }
    Bytes first = path.foldedNames().getFirst();
    if (first.at(0) == '.' // most are not
        && (first.equals(TARS_FILES) || first.lossyText().startsWith(".tars-tx-"))) {
      return java.util.Optional.of(TARS);
    }
    return java.util.Optional.empty();
  }

  /** Never copied in: a box has no use for them, and they may hold credentials. */
  static java.util.Optional<RuleMatch> hidden(PathSubject path) {
    Bytes name = path.names().getLast();
    if (name.equals(GIT_FILES)) {
      return java.util.Optional.of(GIT);
    }
    return path.depth() == 1 && name.equals(TARS_FILES)
        ? java.util.Optional.of(TARS)
        : java.util.Optional.empty();
  }

  /** Variables that steer what programs are run, which no plan may set. */
  static java.util.Optional<RuleMatch> variable(String name) {
    boolean steers =
        name.startsWith("LD_")
            || name.equals("PATH")
            || name.equals("HOME")
            || !name.matches("[A-Za-z_][A-Za-z0-9_]*");
    return steers
        ? java.util.Optional.of(
            new RuleMatch(
                "hard.environment",
                "hard-limits",
                HERE,
                Effect.DENY,
                "it steers what programs are run, or is no name"))
        : java.util.Optional.empty();
  }

  /** Also the short names and streams of file systems that git runs on. */
  static boolean isGit(Bytes name) {
    return isFoldedGit(Folding.fold(name));
  }

  private static boolean isFoldedGit(Bytes spelled) {
    if (spelled.length() == 0 || (spelled.at(0) != '.' && spelled.at(0) != 'g')) {
      return false; // most names
    }
    String folded = spelled.lossyText();
    return folded.equals(".git")
        || folded.startsWith(".git:")
        || SHORT_NAME.matcher(folded).matches();
  }
}
