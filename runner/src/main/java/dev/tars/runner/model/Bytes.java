package dev.tars.runner.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string: a file name or a link target as the kernel holds it, in any encoding.
 */
@PublicApi
public final class Bytes implements Comparable<Bytes> {
  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** Copies {@code value}. */
  public static Bytes of(byte[] value) {
    return new Bytes(value.clone());
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the hexadecimal form that {@link #hex()} writes. */
  public static Bytes fromHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  public int length() {
    return value.length;
  }

  public byte at(int index) {
    return value[index];
  }

  /** Bytes from {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes slice(int from, int to) {
    return new Bytes(Arrays.copyOfRange(value, from, to));
  }

  /** These bytes, one more between, and those of {@code tail}. */
  public Bytes join(char between, Bytes tail) {
    byte[] joined = Arrays.copyOf(value, value.length + 1 + tail.value.length);
    joined[value.length] = (byte) between;
    System.arraycopy(tail.value, 0, joined, value.length + 1, tail.value.length);
    return new Bytes(joined);
  }

  public String hex() {
    return HexFormat.of().formatHex(value);
  }

  /** Decodes as UTF-8; malformed input becomes U+FFFD, so never use the result as a name. */
  public String lossyText() {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** True if the bytes are well-formed UTF-8, so that {@link #lossyText()} loses nothing. */
  public boolean isUtf8() {
    return Arrays.equals(value, lossyText().getBytes(StandardCharsets.UTF_8));
  }

  /** Unsigned lexicographic order, as the canonical manifest uses it. */
  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** The bytes as text that is safe to show: see {@link Escape}. */
  @Override
  public String toString() {
    return Escape.name(this);
  }
}
