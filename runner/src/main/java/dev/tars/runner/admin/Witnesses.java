package dev.tars.runner.admin;

import dev.tars.runner.admin.GlobTokens.Star;
import dev.tars.runner.admin.GlobTokens.Token;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.policy.Globs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes paths that match one glob, or several at once. */
final class Witnesses {
  /** A name that no policy is likely to know. */
  private static final String FRESH = "zq";

  private static final int MAX_STATES = 20_000;

  private Witnesses() {}

  /** Paths that match: the shortest, one in a directory, one deeper. */
  static Set<RelativePath> of(String glob) {
    Set<RelativePath> found = new LinkedHashSet<>();
    for (List<List<Token>> pattern : GlobTokens.alternatives(glob)) {
      for (int filler = 0; filler <= 2; filler++) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < pattern.size(); i++) {
          if (pattern.get(i).isEmpty()) {
            int least = i == pattern.size() - 1 ? 1 : 0;
            for (int k = 0; k < Math.max(least, filler); k++) {
              names.add(FRESH + (k == 0 ? "" : k));
            }
          } else {
            names.add(name(List.of(pattern.get(i))).orElse(FRESH));
          }
        }
        add(found, names, List.of(glob));
      }
    }
    return found;
  }

  /**
   * Paths that match, one for each character that may stand for a {@code ?} or a class, and for
   * stars that stand for nothing.
   */
  static Set<RelativePath> edges(String glob, Set<Integer> characters) {
    Set<RelativePath> found = new LinkedHashSet<>();
    for (List<List<Token>> pattern : GlobTokens.alternatives(glob)) {
      for (int i = 0; i < pattern.size(); i++) {
        for (String variant : variants(pattern.get(i), characters)) {
          List<String> names = new ArrayList<>();
          for (int j = 0; j < pattern.size(); j++) {
            names.add(j == i ? variant : pattern.get(j).isEmpty() ? FRESH : alone(pattern.get(j)));
          }
          add(found, names, List.of(glob));
        }
      }
    }
    return found;
  }

  private static List<String> variants(List<Token> tokens, Set<Integer> characters) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      String before = alone(tokens.subList(0, i));
      String after = alone(tokens.subList(i + 1, tokens.size()));
      switch (tokens.get(i)) {
        case Star star -> {
          found.add(before + after);
          found.add(before + "z" + after);
        }
        case GlobTokens.One one -> {}
        case GlobTokens.Any any ->
            characters.forEach(c -> found.add(before + Character.toString(c) + after));
        case GlobTokens.OneOf oneOf ->
            characters.stream()
                .filter(oneOf::takes)
                .forEach(c -> found.add(before + Character.toString(c) + after));
      }
    }
    return found;
  }

  /** Where the classes of a glob begin and end, and the characters beside them. */
  static Set<Integer> borders(String glob) {
    Set<Integer> found = new LinkedHashSet<>();
    for (List<List<Token>> pattern : GlobTokens.alternatives(glob)) {
      for (List<Token> component : pattern) {
        for (Token token : component) {
          if (token instanceof GlobTokens.OneOf oneOf) {
            for (int[] range : oneOf.ranges()) {
              found.addAll(List.of(range[0], range[1], range[0] - 1, range[1] + 1));
            }
          }
        }
      }
    }
    found.removeIf(c -> c <= ' ' || c == '/' || c > 0xffff);
    return found;
  }

  /** One path for each way in which alternatives of all globs can match together. */
  static Set<RelativePath> common(List<String> globs) {
    Set<RelativePath> found = new LinkedHashSet<>();
    combine(globs, 0, new ArrayList<>(), found);
    return found;
  }

  private static void combine(
      List<String> globs, int at, List<List<List<Token>>> chosen, Set<RelativePath> found) {
    if (at == globs.size()) {
      meet(chosen).ifPresent(names -> add(found, names, globs));
      return;
    }
    for (List<List<Token>> alternative : GlobTokens.alternatives(globs.get(at))) {
      chosen.add(alternative);
      combine(globs, at + 1, chosen, found);
      chosen.removeLast();
    }
  }

  private static void add(Set<RelativePath> found, List<String> names, List<String> globs) {
    if (names.isEmpty()) {
      return;
    }
    try {
      RelativePath path = RelativePath.of(String.join("/", names));
      if (globs.stream().map(Globs::compile).allMatch((Glob g) -> g.matches(path))) {
        found.add(path);
      }
    } catch (IllegalArgumentException e) {
      return; // a name such as "..": no path at all
    }
  }

  private static final class Place {
    private final int[] at;
    private final List<String> names;

    Place(int[] at, List<String> names) {
      this.at = at;
      this.names = names;
    }
  }

  /** Breadth first over the positions in all patterns, so the shortest path is found. */
  private static Optional<List<String>> meet(List<List<List<Token>>> patterns) {
    Deque<Place> open = new ArrayDeque<>();
    Set<List<Integer>> seen = new HashSet<>();
    open.add(new Place(new int[patterns.size()], List.of()));
    while (!open.isEmpty() && seen.size() < MAX_STATES) {
      Place place = open.poll();
      if (!seen.add(boxed(place.at))) {
        continue;
      }
      if (atEnd(place.at, patterns)) {
        return Optional.of(place.names);
      }
      skips(place, patterns, open);
      step(place, patterns).ifPresent(open::add);
    }
    return Optional.empty();
  }

  private static boolean atEnd(int[] at, List<List<List<Token>>> patterns) {
    for (int i = 0; i < at.length; i++) {
      if (at[i] < patterns.get(i).size()) {
        return false;
      }
    }
    return true;
  }

  /** A {@code **} that stands for no further name; the last one of a pattern needs one name. */
  private static void skips(Place place, List<List<List<Token>>> patterns, Deque<Place> open) {
    for (int i = 0; i < place.at.length; i++) {
      int at = place.at[i];
      if (at < patterns.get(i).size() && patterns.get(i).get(at).isEmpty()) {
        int[] next = place.at.clone();
        next[i]++;
        open.add(new Place(next, place.names));
      }
    }
  }

  /** One more name that every pattern takes. */
  private static Optional<Place> step(Place place, List<List<List<Token>>> patterns) {
    int[] next = place.at.clone();
    List<List<Token>> constraints = new ArrayList<>();
    boolean endless = true;
    for (int i = 0; i < next.length; i++) {
      if (next[i] == patterns.get(i).size()) {
        return Optional.empty();
      }
      List<Token> component = patterns.get(i).get(next[i]);
      if (!component.isEmpty()) {
        constraints.add(component);
        next[i]++;
        endless = false;
      }
    }
    if (endless) { // every pattern stands at a "**": one name, then they may end
      for (int i = 0; i < next.length; i++) {
        next[i]++;
      }
    }
    return name(constraints)
        .map(name -> {
          List<String> names = new ArrayList<>(place.names);
          names.add(name);
          return new Place(next, names);
        });
  }

  // ---- one name

  private static final class Spot {
    private final int[] at;
    private final String text;

    Spot(int[] at, String text) {
      this.at = at;
      this.text = text;
    }
  }

  /** The shortest name that all of these take; a fresh one stands for each star. */
  static Optional<String> name(List<List<Token>> patterns) {
    if (patterns.isEmpty()) {
      return Optional.of(FRESH);
    }
    if (patterns.size() == 1) {
      return Optional.of(alone(patterns.getFirst()));
    }
    Deque<Spot> open = new ArrayDeque<>();
    Set<List<Integer>> seen = new HashSet<>();
    open.add(new Spot(new int[patterns.size()], ""));
    while (!open.isEmpty() && seen.size() < MAX_STATES) {
      Spot spot = open.poll();
      if (!seen.add(boxed(spot.at))) {
        continue;
      }
      boolean end = true;
      for (int i = 0; i < patterns.size(); i++) {
        end &= spot.at[i] == patterns.get(i).size();
      }
      if (end) {
        return Optional.of(spot.text.isEmpty() ? FRESH : spot.text);
      }
      grow(spot, patterns, open);
    }
    return Optional.empty();
  }

  private static String alone(List<Token> tokens) {
    StringBuilder name = new StringBuilder();
    for (Token token : tokens) {
      if (token instanceof Star) {
        name.append(FRESH);
      } else {
        name.appendCodePoint(token.candidates().getFirst());
      }
    }
    return name.toString();
  }

  private static void grow(Spot spot, List<List<Token>> patterns, Deque<Spot> open) {
    Set<Integer> characters = new LinkedHashSet<>();
    for (int i = 0; i < patterns.size(); i++) {
      int at = spot.at[i];
      if (at == patterns.get(i).size()) {
        continue;
      }
      Token token = patterns.get(i).get(at);
      characters.addAll(token.candidates());
      if (token instanceof Star) {
        int[] next = spot.at.clone();
        next[i]++;
        open.add(new Spot(next, spot.text));
      }
    }
    for (int c : characters) {
      int[] next = spot.at.clone();
      boolean all = true;
      for (int i = 0; i < patterns.size() && all; i++) {
        int at = next[i];
        all = at < patterns.get(i).size() && patterns.get(i).get(at).takes(c);
        if (all && !(patterns.get(i).get(at) instanceof Star)) {
          next[i]++;
        }
      }
      if (all) {
        open.add(new Spot(next, spot.text + Character.toString(c)));
      }
    }
  }

  private static List<Integer> boxed(int[] at) {
    return Arrays.stream(at).boxed().toList();
  }
}
