package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles patterns over path bytes: {@code *} and {@code ?} within a component, {@code **} any
 * number of components, {@code [a-z]} and {@code [!a-z]}, {@code {a,b}}. No negation, no escape.
 * Matching takes time linear in the path for each alternative of a component.
 */
public final class Globs {
  private static final int MAX_LENGTH = 1024;
  private static final int MAX_ALTERNATIVES = 64;

  private Globs() {}

  /**
   * Compiles one pattern.
   *
   * @throws IllegalArgumentException with a reason fit for a person
   */
  public static Glob compile(String pattern) {
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("a glob is not empty");
    }
    if (pattern.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a glob has at most " + MAX_LENGTH + " characters");
    }
    if (pattern.startsWith("!")) {
      throw new IllegalArgumentException("there is no negation; use 'except' inside the rule");
    }
    if (pattern.startsWith("/")) {
      throw new IllegalArgumentException("a glob starts at the workspace's root, without a slash");
    }
    if (pattern.indexOf('\\') >= 0 || pattern.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a glob has no backslash and no NUL");
    }
    List<List<GlobComponent>> alternatives = new ArrayList<>();
    for (String one : expand(pattern)) {
      alternatives.add(components(one));
    }
    return new PathGlob(pattern, List.copyOf(alternatives));
  }

  private static List<GlobComponent> components(String pattern) {
    List<GlobComponent> components = new ArrayList<>();
    for (String part : pattern.split("/", -1)) {
      switch (part) {
        case "" ->
            throw new IllegalArgumentException(
                "an empty component (two slashes, or one at the end)");
        case ".", ".." ->
            throw new IllegalArgumentException("a '" + part + "' component matches nothing");
        default -> {
          GlobComponent component = GlobComponent.compile(part);
          boolean twice =
              component.isAny() && !components.isEmpty() && components.getLast().isAny();
          if (!twice) {
            components.add(component);
          }
        }
      }
    }
    return List.copyOf(components);
  }

  /** The patterns that the braces of one stand for, nested ones too. */
  public static List<String> expand(String pattern) {
    int open = pattern.indexOf('{');
    if (open < 0) {
      if (pattern.indexOf('}') >= 0) {
        throw new IllegalArgumentException("a '}' without '{'");
      }
      return List.of(pattern);
    }
    int depth = 0;
    int start = open + 1;
    List<String> choices = new ArrayList<>();
    for (int i = open; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0 || (depth == 1 && c == ',')) {
        choices.add(pattern.substring(start, i));
        start = i + 1;
      }
      if (depth == 0) {
        List<String> expanded = new ArrayList<>();
        for (String choice : choices) {
          expanded.addAll(expand(pattern.substring(0, open) + choice + pattern.substring(i + 1)));
          if (expanded.size() > MAX_ALTERNATIVES) {
            throw new IllegalArgumentException(
                "more than " + MAX_ALTERNATIVES + " alternatives in braces");
          }
        }
        return expanded;
      }
    }
    throw new IllegalArgumentException("a '{' without '}'");
  }

  private record PathGlob(String text, List<List<GlobComponent>> alternatives) implements Glob {
    @Override
    public boolean matches(RelativePath path) {
      return matches(path.components());
    }

    @Override
    public boolean matches(List<Bytes> names) {
      if (names.isEmpty()) {
        return false;
      }
      for (List<GlobComponent> alternative : alternatives) {
        GlobComponent last = alternative.getLast();
        // Most patterns end with a name: the cheapest way to say no.
        if ((last.isAny() || last.matches(names.getLast())) && matches(alternative, names)) {
          return true;
        }
      }
      return false;
    }

    /** Greedy, with one point to come back to: the last {@code **}. */
    private static boolean matches(List<GlobComponent> pattern, List<Bytes> names) {
      int p = 0;
      int n = 0;
      int backPattern = -1;
      int backName = -1;
      while (n < names.size()) {
        if (p < pattern.size() && pattern.get(p).isAny()) {
          if (p == pattern.size() - 1) {
            return true; // a name is left, and everything below matches
          }
          backPattern = ++p;
          backName = n;
        } else if (p < pattern.size() && pattern.get(p).matches(names.get(n))) {
          p++;
          n++;
        } else if (backPattern >= 0) {
          p = backPattern;
          n = ++backName;
        } else {
          return false;
        }
      }
      return p == pattern.size();
    }

    @Override
    public String toString() {
      return Escape.line(text);
    }
  }
}
