package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Bytes;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names that some file system takes for {@code .git}. */
final class GitNames {
  private static final Pattern SHORT_NAME = Pattern.compile("git~[0-9]{1,6}");

  private GitNames() {}

  /**
   * True if a path component means {@code .git} after case folding, without what is not drawn,
   * without trailing dots, spaces and stream suffixes, or as an 8.3 short name.
   */
  static boolean meansGit(Bytes component) {
    String text = Normalizer.normalize(component.lossyText(), Normalizer.Form.NFKC);
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .filter(c -> Character.getType(c) != Character.FORMAT && c >= 0x20)
        .forEach(kept::appendCodePoint);
    String name = kept.toString().toLowerCase(Locale.ROOT);
    int stream = name.indexOf(':');
    name = stream >= 0 ? name.substring(0, stream) : name;
    // A backslash is a separator where streams and short names exist.
    for (String part : name.split("[\\\\/]", -1)) {
      String bare = part.replaceFirst("[. ]+$", "");
      if (bare.equals(".git") || SHORT_NAME.matcher(bare).matches()) {
        return true;
      }
    }
    return false;
  }
}
