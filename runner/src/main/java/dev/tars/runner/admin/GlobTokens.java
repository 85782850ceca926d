package dev.tars.runner.admin;

import java.util.ArrayList;
import java.util.List;

/**
 * A glob taken apart so that paths can be made that match it. What is made is always held against
 * the real matcher before it is used, so a fault here costs an example and never a decision.
 */
final class GlobTokens {
  private GlobTokens() {}

  /** One position of a name. */
  sealed interface Token {
    /** Characters that may stand here, the likeliest first. */
    List<Integer> candidates();

    boolean takes(int character);
  }

  record One(int character) implements Token {
    @Override
    public List<Integer> candidates() {
      return List.of(character);
    }

    @Override
    public boolean takes(int c) {
      return c == character;
    }
  }

  /** {@code ?}. */
  record Any() implements Token {
    @Override
    public List<Integer> candidates() {
      return List.of((int) 'q');
    }

    @Override
    public boolean takes(int c) {
      return true;
    }
  }

  /** {@code *}. */
  record Star() implements Token {
    @Override
    public List<Integer> candidates() {
      return List.of();
    }

    @Override
    public boolean takes(int c) {
      return true;
    }
  }

  /** {@code [a-z]} or {@code [!a-z]}. */
  record OneOf(boolean inverted, List<int[]> ranges) implements Token {
    @Override
    public List<Integer> candidates() {
      List<Integer> found = new ArrayList<>();
      if (!inverted) {
        for (int[] range : ranges) {
          found.add(range[0]);
          found.add(range[1]);
        }
        return found;
      }
      for (int c = 'a'; c <= 'z'; c++) {
        if (takes(c)) {
          found.add(c);
        }
      }
      found.add((int) '_');
      return found;
    }

    @Override
    public boolean takes(int c) {
      for (int[] range : ranges) {
        if (c >= range[0] && c <= range[1]) {
          return !inverted;
        }
      }
      return inverted;
    }
  }

  /** The patterns that the braces stand for, each as components; {@code **} is an empty list. */
  static List<List<List<Token>>> alternatives(String glob) {
    List<List<List<Token>>> all = new ArrayList<>();
    for (String one : braces(glob)) {
      List<List<Token>> components = new ArrayList<>();
      for (String part : one.split("/", -1)) {
        components.add(part.equals("**") ? List.of() : tokens(part));
      }
      all.add(components);
    }
    return all;
  }

  /** Resolves braces from the left. */
  static List<String> braces(String glob) {
    int open = glob.indexOf('{');
    if (open < 0) {
      return List.of(glob);
    }
    int depth = 0;
    int start = open + 1;
    List<String> choices = new ArrayList<>();
    for (int i = open; i < glob.length(); i++) {
      char c = glob.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0 || (depth == 1 && c == ',')) {
        choices.add(glob.substring(start, i));
        start = i + 1;
      }
      if (depth == 0) {
        List<String> expanded = new ArrayList<>();
        for (String choice : choices) {
          expanded.addAll(braces(glob.substring(0, open) + choice + glob.substring(i + 1)));
        }
        return expanded;
      }
    }
    return List.of(glob);
  }

  /** The tokens of one name. */
  static List<Token> tokens(String name) {
    int[] c = name.codePoints().toArray();
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < c.length; i++) {
      switch (c[i]) {
        case '*' -> tokens.add(new Star());
        case '?' -> tokens.add(new Any());
        case '[' -> {
          int end = i + 2;
          while (end < c.length && c[end] != ']') {
            end++;
          }
          tokens.add(oneOf(c, i + 1, Math.min(end, c.length)));
          i = end;
        }
        default -> tokens.add(new One(c[i]));
      }
    }
    return List.copyOf(tokens);
  }

  private static OneOf oneOf(int[] c, int from, int to) {
    boolean inverted = from < to && (c[from] == '!' || c[from] == '^');
    List<int[]> ranges = new ArrayList<>();
    for (int i = inverted ? from + 1 : from; i < to; i++) {
      boolean range = i + 2 < to && c[i + 1] == '-';
      ranges.add(new int[] {c[i], range ? c[i + 2] : c[i]});
      i += range ? 2 : 0;
    }
    return new OneOf(inverted, ranges);
  }
}
