package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a pattern matches, by trying every place it can stand at: no index and no shortcut. */
final class PlainGlob {
  private final Map<String, List<String[]>> patterns = new HashMap<>();
  private final Map<String, Map<Bytes, Boolean>> answers = new HashMap<>();

  boolean matches(String glob, List<Bytes> path) {
    return patterns
        .computeIfAbsent(glob, g -> Globs.expand(g).stream().map(one -> one.split("/")).toList())
        .stream()
        .anyMatch(pattern -> matches(pattern, path));
  }

  private boolean matches(String[] pattern, List<Bytes> path) {
    BitSet at = places(0);
    for (int p = 0; p < pattern.length; p++) {
      BitSet next = new BitSet();
      for (int i = at.nextSetBit(0); i >= 0; i = at.nextSetBit(i + 1)) {
        if (pattern[p].equals("**")) {
          next.set(p == pattern.length - 1 ? i + 1 : i, path.size() + 1);
        } else if (i < path.size() && known(pattern[p], path.get(i))) {
          next.set(i + 1);
        }
      }
      at = next;
    }
    return !path.isEmpty() && at.get(path.size());
  }

  /** Asked again and again of a few. */
  private boolean known(String component, Bytes name) {
    return answers
        .computeIfAbsent(component, c -> new HashMap<>())
        .computeIfAbsent(name, n -> matches(component, n));
  }

  private static boolean matches(String component, Bytes name) {
    if (component.matches("[*][^*?\\[]+")) {
      return endsWith(name, Bytes.utf8(component.substring(1)));
    }
    int[] pattern = component.codePoints().toArray();
    int[] text = characters(name);
    BitSet at = places(0);
    for (int p = 0; p < pattern.length; p++) {
      int end = p;
      while (pattern[p] == '[' && (end < p + 2 || pattern[end] != ']')) {
        end++;
      }
      BitSet next = new BitSet();
      for (int i = at.nextSetBit(0); i >= 0; i = at.nextSetBit(i + 1)) {
        if (pattern[p] == '*') {
          next.set(i, text.length + 1);
        } else if (i < text.length
            && (pattern[p] == '['
                ? isIn(text[i], pattern, p + 1, end)
                : pattern[p] == '?' || pattern[p] == text[i])) {
          next.set(i + 1);
        }
      }
      at = next;
      p = end;
    }
    return at.get(text.length);
  }

  /** A star and a text: bytes are compared, also those of a name that is not UTF-8. */
  private static boolean endsWith(Bytes name, Bytes text) {
    int from = name.length() - text.length();
    return from >= 0 && name.slice(from, name.length()).equals(text);
  }

  private static boolean isIn(int character, int[] pattern, int from, int to) {
    boolean inverted = pattern[from] == '!' || pattern[from] == '^';
    boolean in = false;
    for (int i = inverted ? from + 1 : from; i < to; i++) {
      if (i + 2 < to && pattern[i + 1] == '-') {
        in |= character >= pattern[i] && character <= pattern[i + 2];
        i += 2;
      } else {
        in |= character == pattern[i];
      }
    }
    return in != inverted;
  }

  /** Code points, or each byte of a name that is not UTF-8; those are no character's. */
  private static int[] characters(Bytes name) {
    if (name.isUtf8()) {
      return name.lossyText().codePoints().toArray();
    }
    return new String(name.toArray(), StandardCharsets.ISO_8859_1)
        .chars()
        .map(b -> b < 0x80 ? b : Character.MAX_CODE_POINT + b)
        .toArray();
  }

  private static BitSet places(int only) {
    BitSet places = new BitSet();
    places.set(only);
    return places;
  }
}
