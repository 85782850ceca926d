package dev.tars.runner.policy.keys;

import java.util.OptionalLong;

/**
 * One row of the table.
 *
 * @param name as in a policy file, dotted: {@code promotion.onDrift}
 * @param standard what applies where no layer says anything, as a policy writes it or as a sentence
 * @param layers how layers combine
 * @param enforcedBy the part of the program that enforces it; empty where a key above says it
 * @param since the version that knows it first
 * @param meaning one sentence
 */
public record Key(
    String name,
    KeyType type,
    String standard,
    String layers,
    String enforcedBy,
    String since,
    String meaning) {

  static Key parse(String row) {
    String[] cells = row.split(" *\\| *", -1);
    if (cells.length != 7) {
      throw new IllegalStateException("not a row of seven cells: " + row);
    }
    return new Key(
        cells[0].strip(),
        KeyType.parse(cells[1]),
        cells[2],
        cells[3],
        cells[4],
        cells[5],
        cells[6].strip());
  }

  /** The key above: {@code promotion}, or the empty string. */
  public String section() {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /** The name within its section. */
  String last() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** True if it has one value, for which {@link Strictest} decides among layers. */
  public boolean isSingle() {
    return type instanceof KeyType.Words
        || type instanceof KeyType.Count
        || type instanceof KeyType.Time
        || type instanceof KeyType.Size;
  }

  /** True if no other value loads than the one that applies anyway. */
  public boolean isFixed() {
    return type instanceof KeyType.Fixed;
  }

  /** The default as a number; empty where it is a sentence. */
  public OptionalLong standardValue() {
    return type.number(standard);
  }
}
