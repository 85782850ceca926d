package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The one name that all spellings of it share which some file system or tool takes for the same:
 * case, Unicode composition, characters that are not drawn, trailing dots and spaces, streams.
 */
public final class Folding {
  private Folding() {}

  /** A pattern for folded paths: what it matches is what the pattern matches in any spelling. */
  static String foldPattern(String pattern) {
    return Normalizer.normalize(pattern, Normalizer.Form.NFKC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  /** The components of a path, each folded. */
  static List<Bytes> fold(List<Bytes> names) {
    List<Bytes> folded = new ArrayList<>(names.size());
    for (Bytes name : names) {
      folded.add(fold(name));
    }
    return folded;
  }

  /** True if no component of a path has another spelling; most paths are such. */
  static boolean isPlain(List<Bytes> names) {
    for (int i = 0; i < names.size(); i++) {
      if (!isPlain(names.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** One component; never empty, never a dot component. */
  public static Bytes fold(Bytes name) {
    if (isPlain(name)) {
      return name;
    }
    if (isPrintable(name)) {
      return lowerCase(name);
    }
    if (!name.isUtf8()) {
      return name;
    }
    String text = Normalizer.normalize(name.lossyText(), Normalizer.Form.NFKC);
    StringBuilder kept = new StringBuilder();
    text.codePoints().filter(c -> !isIgnorable(c)).forEach(kept::appendCodePoint);
    String folded = kept.toString().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    int stream = folded.indexOf(':');
    if (stream > 0) {
      folded = folded.substring(0, stream);
    }
    int end = folded.length();
    while (end > 1 && (folded.charAt(end - 1) == '.' || folded.charAt(end - 1) == ' ')) {
      end--;
    }
    String result = folded.substring(0, end);
    boolean usable =
        !result.isEmpty() && !result.equals(".") && !result.equals("..") && result.indexOf('/') < 0;
    return usable ? Bytes.utf8(result) : name;
  }

  /** Most names are: nothing in them has another spelling. */
  private static boolean isPlain(Bytes name) {
    for (int i = 0; i < name.length(); i++) {
      byte b = name.at(i);
      boolean plain =
          (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '_' || b == '.';
      if (!plain) {
        return false;
      }
    }
    return name.length() > 0 && name.at(name.length() - 1) != '.';
  }

  /** True for plain ASCII in which only letters have another spelling. */
  private static boolean isPrintable(Bytes name) {
    for (int i = 0; i < name.length(); i++) {
      byte b = name.at(i);
      if (b < ' ' || b == 0x7f || b == ':' || b == '/') {
        return false;
      }
    }
    byte last = name.length() == 0 ? (byte) '.' : name.at(name.length() - 1);
    return last != '.' && last != ' ';
  }

  private static Bytes lowerCase(Bytes name) {
    byte[] lower = name.toArray();
    for (int i = 0; i < lower.length; i++) {
      if (lower[i] >= 'A' && lower[i] <= 'Z') {
        lower[i] = (byte) (lower[i] + 'a' - 'A');
      }
    }
    return Bytes.of(lower);
  }

  private static boolean isIgnorable(int c) {
    return Character.getType(c) == Character.FORMAT
        || Character.isIdentifierIgnorable(c)
        || (c >= 0xFE00 && c <= 0xFE0F)
        || c == 0x034F
        || c == 0x115F
        || c == 0x1160
        || c == 0x3164
        || c == 0xFFA0;
  }
}
