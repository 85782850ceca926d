package dev.tars.runner.policy.net;

import java.util.Arrays;
import java.util.Optional;

/**
 * An address, 4 or 16 bytes. Only the one strict form of each is read: what programs read in
 * different ways ({@code 0x7f.1}, {@code 127.1}, {@code 010.0.0.1}) is no address here.
 */
public final class IpAddress {
  private final byte[] bytes;

  /** Four or sixteen bytes, in network order. */
  public IpAddress(byte[] bytes) {
    if (bytes.length != 4 && bytes.length != 16) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes");
    }
    this.bytes = bytes.clone();
  }

  /** In network order; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Empty if the text is not the one strict form of an address. */
  public static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') >= 0 ? six(text) : four(text).map(IpAddress::new);
  }

  /**
   * The address that a packet to it would reach: an IPv4 address that is written as an IPv6 one
   * (mapped, translated or tunnelled) is that IPv4 address.
   */
  public IpAddress reached() {
    if (bytes.length == 4) {
      return this;
    }
    boolean zeros = allZero(0, 10);
    if (zeros && bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff) {
      return part(12);
    }
    if (zeros && allZero(10, 12) && !allZero(12, 15)) {
      return part(12); // the old "compatible" form
    }
    boolean translated =
        bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
    if (translated) {
      return part(12);
    }
    if (bytes[0] == 0x20 && bytes[1] == 0x01 && allZero(2, 4)) {
      return part(12).inverted(); // Teredo
    }
    return bytes[0] == 0x20 && bytes[1] == 0x02 ? part(2) : this;
  }

  private IpAddress part(int from) {
    return new IpAddress(Arrays.copyOfRange(bytes, from, from + 4));
  }

  private IpAddress inverted() {
    byte[] inverted = bytes.clone();
    for (int i = 0; i < inverted.length; i++) {
      inverted[i] = (byte) ~inverted[i];
    }
    return new IpAddress(inverted);
  }

  private boolean allZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<byte[]> four(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
        return Optional.empty();
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return Optional.of(bytes);
  }

  private static Optional<IpAddress> six(String text) {
    String[] halves = text.split("::", -1);
    if (text.length() > 45 || halves.length > 2 || text.contains(":::")) {
      return Optional.empty();
    }
    Optional<byte[]> head = groups(halves[0]);
    Optional<byte[]> tail = halves.length == 2 ? groups(halves[1]) : Optional.of(new byte[0]);
    if (head.isEmpty() || tail.isEmpty()) {
      return Optional.empty();
    }
    int length = head.get().length + tail.get().length;
    if (halves.length == 2 ? length > 14 : length != 16) {
      return Optional.empty();
    }
    byte[] bytes = Arrays.copyOf(head.get(), 16);
    System.arraycopy(tail.get(), 0, bytes, 16 - tail.get().length, tail.get().length);
    return Optional.of(new IpAddress(bytes));
  }

  /** {@code a:b:c}, the last one perhaps a dotted address; no text is no group. */
  private static Optional<byte[]> groups(String text) {
    if (text.isEmpty()) {
      return Optional.of(new byte[0]);
    }
    String[] parts = text.split(":", -1);
    byte[] bytes = new byte[16];
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      Optional<byte[]> dotted = i == parts.length - 1 ? four(parts[i]) : Optional.empty();
      int size = dotted.isPresent() ? 4 : 2;
      if (at + size > 16 || (dotted.isEmpty() && !parts[i].matches("[0-9a-fA-F]{1,4}"))) {
        return Optional.empty();
      }
      if (dotted.isPresent()) {
        System.arraycopy(dotted.get(), 0, bytes, at, 4);
      } else {
        int group = Integer.parseInt(parts[i], 16);
        bytes[at] = (byte) (group >> 8);
        bytes[at + 1] = (byte) group;
      }
      at += size;
    }
    return Optional.of(Arrays.copyOf(bytes, at));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i += bytes.length == 4 ? 1 : 2) {
      text.append(i == 0 ? "" : bytes.length == 4 ? "." : ":");
      text.append(
          bytes.length == 4
              ? String.valueOf(bytes[i] & 0xff)
              : Integer.toHexString((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff)));
    }
    return text.toString();
  }
}
