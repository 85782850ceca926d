package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One rule on what written files are. Each list that it has must fit; an empty one says nothing.
 *
 * @param extensions without the first dot; the empty string is a name without a dot
 */
record FileRule(
    RuleMatch match,
    Set<FileKind> kinds,
    List<String> extensions,
    Set<String> modes,
    Set<String> encodings) {
  FileRule {
    kinds = Set.copyOf(kinds);
    extensions = List.copyOf(extensions);
    modes = Set.copyOf(modes);
    encodings = Set.copyOf(encodings);
  }

  boolean matches(FileFacts file) {
    boolean allows = match.effect() == Effect.ALLOW;
    // What could not be looked into may be anything: it is never allowed by what it is, and is
    // always denied by what it might be.
    boolean unknown = file.kind() == FileKind.UNKNOWN && !allows;
    return (kinds.isEmpty() || unknown || kinds.contains(file.kind()))
        && (extensions.isEmpty() || extensionFits(file.path(), allows))
        && (modes.isEmpty() || (allows ? modes.containsAll(file.modes()) : anyMode(file)))
        && (encodings.isEmpty() || unknown || encodingFits(file, allows));
  }

  private boolean anyMode(FileFacts file) {
    return file.modes().stream().anyMatch(modes::contains);
  }

  /** Plain ASCII is UTF-8 as well. */
  private boolean encodingFits(FileFacts file, boolean allows) {
    boolean ascii = file.encoding().equals("us-ascii") && allows && encodings.contains("utf-8");
    return ascii || encodings.contains(file.encoding());
  }

  /** As written where the rule allows; in any spelling where it takes something away. */
  private boolean extensionFits(RelativePath path, boolean asWritten) {
    String name = asWritten ? path.name().lossyText() : Folding.fold(path.name()).lossyText();
    for (String extension : extensions) {
      String wanted = asWritten ? extension : extension.toLowerCase(Locale.ROOT);
      boolean fits = wanted.isEmpty() ? name.indexOf('.') < 0 : name.endsWith("." + wanted);
      if (fits) {
        return true;
      }
    }
    return false;
  }
}
