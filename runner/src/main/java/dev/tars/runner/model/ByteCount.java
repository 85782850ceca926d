package dev.tars.runner.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, at least zero. Written {@code 512B}, {@code 64KiB}, {@code 2GiB}. */
@PublicApi
public record ByteCount(long bytes) implements Comparable<ByteCount> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})(B|KiB|MiB|GiB|TiB)");

  public ByteCount {
    if (bytes < 0) {
      throw new IllegalArgumentException("a byte count cannot be negative: " + bytes);
    }
  }

  /**
   * Parses a whole number with a unit: B, KiB, MiB, GiB or TiB.
   *
   * @throws IllegalArgumentException if the unit is missing or unknown, or the number too large
   */
  public static ByteCount parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          Escape.line(text) + " is not a size; write a whole number and B, KiB, MiB, GiB or TiB");
    }
    try {
      return new ByteCount(Math.multiplyExact(Long.parseLong(m.group(1)), factor(m.group(2))));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(Escape.line(text) + " is too large", e);
    }
  }

  public static ByteCount mebibytes(long n) {
    return new ByteCount(n << 20);
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "B" -> 1;
      case "KiB" -> 1L << 10;
      case "MiB" -> 1L << 20;
      case "GiB" -> 1L << 30;
      default -> 1L << 40;
    };
  }

  public ByteCount min(ByteCount other) {
    return bytes <= other.bytes ? this : other;
  }

  @Override
  public int compareTo(ByteCount other) {
    return Long.compare(bytes, other.bytes);
  }

  /** For people: {@code 1.5 MiB}. */
  @Override
  public String toString() {
    if (bytes < 1024) {
      return bytes + " B";
    }
    String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  }
}
