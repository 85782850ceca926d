package dev.tars.runner.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * Headers of tar archives. A name and a size have one header and no other: whoever reads compares
 * bytes, so there is no header that two readers could understand in two ways.
 */
final class TarHeader {
  static final int BLOCK = 512;

  /** Of a file whose size eleven octal digits hold. */
  static final long MAX_SIZE = (1L << 33) - 1;

  private static final int NAME = 100;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;

  private TarHeader() {}

  static byte[] of(String name, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, NAME, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, SIZE, "%011o\0".formatted(size));
    put(header, 136, "00000000000\0");
    header[TYPE] = '0';
    put(header, MAGIC, "ustar\00000");
    put(header, CHECKSUM, "%06o\0 ".formatted(sum(header)));
    return header;
  }

  /** Bytes that fill up the last block of a file. */
  static int padding(long size) {
    return (int) ((BLOCK - size % BLOCK) % BLOCK);
  }

  /** Bytes that a file takes, with its header. */
  static long taken(long size) {
    return BLOCK + size + padding(size);
  }

  /** The size in a header, as eleven octal digits have it; -1 if it is anything else. */
  static long size(byte[] header) {
    String text = text(header, SIZE, 11);
    return text.matches("[0-7]{11}") ? Long.parseLong(text, 8) : -1;
  }

  /** A sentence on a header that is not the one of {@code name} and {@code size}. */
  static String difference(byte[] header, String name, long size, Collection<String> before) {
    String found = text(header, 0, NAME);
    if (isZero(header)) {
      return "it ends before " + name;
    }
    if (!text(header, CHECKSUM, 6).equals("%06o".formatted(sum(header)))) {
      return "the header where " + name + " begins is damaged: its checksum is wrong";
    }
    String type = type(header[TYPE]);
    if (!type.isEmpty()) {
      return "where " + name + " begins it has " + type;
    }
    if (found.startsWith("/")) {
      return "it has an absolute name where " + name + " belongs";
    }
    if (Arrays.asList(found.split("/", -1)).contains("..")) {
      return "it has a name that leads out of it where " + name + " belongs";
    }
    if (before.contains(found)) {
      return "it has " + found + " twice";
    }
    if (!found.equals(name)) {
      return "it has another file where " + name + " belongs";
    }
    if (header[SIZE] < 0) {
      return name + " has a size in base 256";
    }
    if (size(header) != size) {
      return name + " has another size than was signed";
    }
    return "the header of " + name + " has an owner, a time, a mode or a prefix of its own";
  }

  private static String type(byte type) {
    return switch (type) {
      case '0' -> "";
      case 0, '7' -> "a file of an old or contiguous kind";
      case '1' -> "a hard link";
      case '2' -> "a symbolic link";
      case '3', '4' -> "a device";
      case '5' -> "a directory";
      case '6' -> "a pipe";
      case 'x', 'g' -> "a PAX header";
      case 'L', 'K' -> "a GNU header for a long name";
      case 'S' -> "a sparse file";
      default -> "an entry of an unknown type";
    };
  }

  static boolean isZero(byte[] block) {
    for (byte one : block) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }

  /** With blanks in place of itself. */
  private static int sum(byte[] header) {
    int sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? 0 : header[i] & 0xff;
    }
    return sum;
  }

  private static String text(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.ISO_8859_1);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
