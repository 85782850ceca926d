package dev.tars.runner.policy.keys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The table: {@code keys.txt} beside this class, a key a line. */
public final class Keys {
  private static final Map<String, Key> ALL = new LinkedHashMap<>();

  static {
    for (String line : text().lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        Key key = Key.parse(line);
        if (ALL.put(key.name(), key) != null) {
          throw new IllegalStateException("two rows for " + key.name());
        }
      }
    }
  }

  private Keys() {}

  /** Every key, in the order of the table. */
  public static List<Key> all() {
    return List.copyOf(ALL.values());
  }

  /** The keys directly below one; the empty string is the top of a policy. */
  public static List<Key> in(String section) {
    return ALL.values().stream().filter(k -> k.section().equals(section)).toList();
  }

  /**
   * The row of a key.
   *
   * @throws NullPointerException if the table has no such key
   */
  public static Key get(String name) {
    return Objects.requireNonNull(ALL.get(name), name);
  }

  /** The row of a key, if the table has it. */
  public static Optional<Key> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** What enforces a key or a rule, by the longest key that it is below; empty if none is known. */
  public static Optional<String> enforcedBy(String name) {
    for (String at = name; !at.isEmpty(); at = at.substring(0, Math.max(0, cut(at)))) {
      Key key = ALL.get(at);
      if (key != null && !key.enforcedBy().isEmpty()) {
        return Optional.of(key.enforcedBy());
      }
    }
    return Optional.empty();
  }

  private static int cut(String name) {
    return Math.max(name.lastIndexOf('.'), name.lastIndexOf('['));
  }

  private static String text() {
    try (InputStream in = Keys.class.getResourceAsStream("keys.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
