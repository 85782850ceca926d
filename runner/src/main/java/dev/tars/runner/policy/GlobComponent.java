package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One component of a glob, matched against one name. A character is a code point or a raw byte. */
final class GlobComponent {
  private static final int RAW_BYTE = 0x110000;

  private final boolean any;
  private final List<Token> tokens;

  /** What a name ends with, or is, in bytes; empty where the pattern is neither of the two. */
  private final Bytes ending;

  private final boolean whole;
  private final int hash;

  private GlobComponent(boolean any, List<Token> tokens) {
    this.any = any;
    this.tokens = tokens;
    this.whole = !tokens.isEmpty() && !(tokens.getFirst() instanceof Star);
    this.ending =
        ending(whole ? tokens : tokens.subList(Math.min(1, tokens.size()), tokens.size()));
    this.hash = tokens.hashCode();
  }

  private static Bytes ending(List<Token> tokens) {
    StringBuilder text = new StringBuilder();
    for (Token token : tokens) {
      if (!(token instanceof Literal literal)) {
        return Bytes.utf8("");
      }
      text.appendCodePoint(literal.character());
    }
    return Bytes.utf8(text.toString());
  }

  private sealed interface Token {
    boolean matches(int character);
  }

  private record Literal(int character) implements Token {
    @Override
    public boolean matches(int c) {
      return c == character;
    }
  }

  private record One() implements Token {
    @Override
    public boolean matches(int c) {
      return true;
    }
  }

  private record Star() implements Token {
    @Override
    public boolean matches(int c) {
      return true;
    }
  }

  private record Range(int from, int to) {}

  private record OneOf(boolean inverted, List<Range> ranges) implements Token {
    @Override
    public boolean matches(int c) {
      for (Range range : ranges) {
        if (c >= range.from && c <= range.to) {
          return !inverted;
        }
      }
      return inverted;
    }
  }

  static GlobComponent compile(String text) {
    if (text.equals("**")) {
      return new GlobComponent(true, List.of());
    }
    if (text.contains("**")) {
      throw new IllegalArgumentException(
          "'**' stands for whole components; write 'a/**', not 'a**'");
    }
    int[] characters = text.codePoints().toArray();
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < characters.length; i++) {
      switch (characters[i]) {
        case '*' -> tokens.add(new Star());
        case '?' -> tokens.add(new One());
        case '[' -> {
          int end = classEnd(characters, i);
          tokens.add(oneOf(Arrays.copyOfRange(characters, i + 1, end)));
          i = end;
        }
        case ']' -> throw new IllegalArgumentException("a ']' without '['");
        default -> tokens.add(new Literal(characters[i]));
      }
    }
    return new GlobComponent(false, List.copyOf(tokens));
  }

  private static int classEnd(int[] characters, int open) {
    for (int i = open + 2; i < characters.length; i++) {
      if (characters[i] == ']') {
        return i;
      }
    }
    throw new IllegalArgumentException("a '[' without ']'");
  }

  private static OneOf oneOf(int[] inside) {
    boolean inverted = inside[0] == '!' || inside[0] == '^';
    List<Range> ranges = new ArrayList<>();
    for (int i = inverted ? 1 : 0; i < inside.length; i++) {
      if (i + 2 < inside.length && inside[i + 1] == '-') {
        if (inside[i] > inside[i + 2]) {
          throw new IllegalArgumentException("a range in '[]' runs backwards");
        }
        ranges.add(new Range(inside[i], inside[i + 2]));
        i += 2;
      } else {
        ranges.add(new Range(inside[i], inside[i]));
      }
    }
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("'[]' is empty");
    }
    return new OneOf(inverted, List.copyOf(ranges));
  }

  /** The one name that it matches, if it is one. */
  Optional<Bytes> literal() {
    return whole ? ending() : Optional.empty();
  }

  /** What every name that it matches ends with, if the pattern says so. */
  Optional<Bytes> ending() {
    return Optional.of(ending).filter(e -> e.length() > 0);
  }

  /** The literal texts in it; a name that it matches has each of them, byte for byte. */
  List<Bytes> texts() {
    List<Bytes> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (Token token : tokens) {
      if (token instanceof Literal literal) {
        text.appendCodePoint(literal.character());
      } else if (!text.isEmpty()) {
        texts.add(Bytes.utf8(text.toString()));
        text.setLength(0);
      }
    }
    if (!text.isEmpty()) {
      texts.add(Bytes.utf8(text.toString()));
    }
    return texts;
  }

  /** True if some name is matched by both; neither is {@code **}. */
  boolean overlaps(GlobComponent other) {
    boolean[][] from = new boolean[tokens.size() + 1][other.tokens.size() + 1];
    for (int i = tokens.size(); i >= 0; i--) {
      for (int j = other.tokens.size(); j >= 0; j--) {
        boolean endA = i == tokens.size();
        boolean endB = j == other.tokens.size();
        boolean starA = !endA && tokens.get(i) instanceof Star;
        boolean starB = !endB && other.tokens.get(j) instanceof Star;
        from[i][j] =
            (endA && endB)
                || (starA && (from[i + 1][j] || (!endB && from[i][j + 1])))
                || (starB && (from[i][j + 1] || (!endA && from[i + 1][j])))
                || (!endA
                    && !endB
                    && !starA
                    && !starB
                    && meet(tokens.get(i), other.tokens.get(j))
                    && from[i + 1][j + 1]);
      }
    }
    return from[0][0];
  }

  /** True unless it is sure that no character is taken by both. */
  private static boolean meet(Token a, Token b) {
    if (a instanceof Literal one) {
      return b.matches(one.character());
    }
    return !(b instanceof Literal other) || a.matches(other.character());
  }

  /** True only if every name that the other one matches is surely matched by this one. */
  boolean covers(GlobComponent other) {
    boolean everything = !tokens.isEmpty() && tokens.stream().allMatch(Star.class::isInstance);
    if (everything || tokens.equals(other.tokens)) {
      return true;
    }
    if (other.literal().isPresent()) {
      return matches(other.literal().get());
    }
    // '*.pem' holds 'x*.pem' and '*a.pem'.
    return !whole
        && ending.length() > 0
        && other.ending().filter(e -> endsWith(e, ending)).isPresent();
  }

  /** True for {@code **}. */
  boolean isAny() {
    return any;
  }

  /** Greedy, with one point to come back to: the last star. */
  boolean matches(Bytes name) {
    if (ending.length() > 0) {
      return (!whole || name.length() == ending.length()) && endsWith(name, ending);
    }
    int[] characters = characters(name);
    int t = 0;
    int c = 0;
    int backToken = -1;
    int backCharacter = -1;
    while (c < characters.length) {
      if (t < tokens.size() && tokens.get(t) instanceof Star) {
        backToken = ++t;
        backCharacter = c;
      } else if (t < tokens.size() && tokens.get(t).matches(characters[c])) {
        t++;
        c++;
      } else if (backToken >= 0) {
        t = backToken;
        c = ++backCharacter;
      } else {
        return false;
      }
    }
    while (t < tokens.size() && tokens.get(t) instanceof Star) {
      t++;
    }
    return t == tokens.size();
  }

  private static boolean endsWith(Bytes name, Bytes ending) {
    int offset = name.length() - ending.length();
    if (offset < 0) {
      return false;
    }
    for (int i = ending.length() - 1; i >= 0; i--) {
      if (name.at(offset + i) != ending.at(i)) {
        return false;
      }
    }
    return true;
  }

  private static int[] characters(Bytes name) {
    int[] ascii = new int[name.length()];
    int known = 0;
    while (known < ascii.length && name.at(known) >= 0) {
      ascii[known] = name.at(known);
      known++;
    }
    if (known == ascii.length) {
      return ascii; // most names
    }
    if (name.isUtf8()) {
      return name.lossyText().codePoints().toArray();
    }
    byte[] raw = name.toArray();
    String oneEach = new String(raw, StandardCharsets.ISO_8859_1);
    return oneEach.chars().map(b -> b < 0x80 ? b : RAW_BYTE + b).toArray();
  }

  /** True for a component that is written the same. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof GlobComponent that && any == that.any && tokens.equals(that.tokens));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
