package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Severity;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names that a change set may not hold, because some system, terminal or tool reads them otherwise
 * than the kernel here. What means {@code .git} is refused always, also for deletion.
 */
final class NameCheck implements FileCheck {
  private static final int LONGEST_NAME = 255;

  private static final Pattern DEVICE =
      Pattern.compile(
          "(?:con|prn|aux|nul|clock\\$|conin\\$|conout\\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\\..*)?");

  private final boolean structural;

  /**
   * @param structural true lifts the rules for names, but never that for {@code .git}
   */
  NameCheck(boolean structural) {
    this.structural = structural;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    for (Bytes component : file.path().components()) {
      if (GitNames.meansGit(component)) {
        findings.add(
            "path.git-alias", Severity.REJECT, file.path(), 0, "holds a name that means .git");
        return;
      }
      Optional<String> problem =
          structural || file.deleted() ? Optional.empty() : problem(component);
      if (problem.isPresent()) {
        findings.add("path.name", Severity.REJECT, file.path(), 0, problem.get());
        return;
      }
    }
  }

  private static Optional<String> problem(Bytes component) {
    if (component.length() > LONGEST_NAME) {
      return Optional.of("a name is longer than " + LONGEST_NAME + " bytes");
    }
    if (!component.isUtf8()) {
      return Optional.of("a name is not UTF-8");
    }
    String name = component.lossyText();
    if (name.chars().anyMatch(c -> c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0))) {
      return Optional.of("a name holds a control character");
    }
    if (name.indexOf('\\') >= 0 || name.indexOf(':') >= 0) {
      return Optional.of("a name holds a backslash or a colon");
    }
    if (name.endsWith(".") || name.endsWith(" ")) {
      return Optional.of("a name ends in a dot or a space");
    }
    if (name.codePoints().anyMatch(NameCheck::isNotDrawn)) {
      return Optional.of("a name holds a character that is not drawn");
    }
    return DEVICE.matcher(name.toLowerCase(Locale.ROOT)).matches()
        ? Optional.of("a name is that of a device on other systems")
        : Optional.empty();
  }

  private static boolean isNotDrawn(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE0FFF);
    };
  }
}
