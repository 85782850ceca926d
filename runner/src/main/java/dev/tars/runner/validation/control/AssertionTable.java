package dev.tars.runner.validation.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** What {@code assertions.txt} says of assertion functions: how a call of each fails. */
final class AssertionTable {
  private static final List<Row> ROWS = read();

  private AssertionTable() {}

  /**
   * One assertion.
   *
   * @param family where it comes from: a class for Java, else a word
   * @param name as a test calls it
   * @param red a call that must fail
   */
  record Row(String family, String name, String red) implements Comparable<Row> {
    @Override
    public int compareTo(Row other) {
      return Comparator.comparing(Row::family).thenComparing(Row::name).compare(this, other);
    }
  }

  static List<Row> of(String family) {
    return ROWS.stream().filter(row -> row.family().equals(family)).toList();
  }

  /** The families that begin so, in the order of the table. */
  static List<String> families(String beginning) {
    return ROWS.stream().map(Row::family).distinct().filter(f -> f.startsWith(beginning)).toList();
  }

  private static List<Row> read() {
    try (InputStream in =
        Objects.requireNonNull(AssertionTable.class.getResourceAsStream("assertions.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(AssertionTable::row)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(String line) {
    String[] parts = line.split(" \\| ", 3);
    if (parts.length != 3) {
      throw new IllegalStateException("assertions.txt: " + line);
    }
    return new Row(parts[0].strip(), parts[1].strip(), parts[2].strip());
  }
}
