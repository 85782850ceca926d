package dev.tars.runner.validation.checks;

import dev.tars.runner.policy.FileKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Bytes to the kinds and encodings that policies name. */
final class ContentKinds {
  private static final int ELF_SHARED = 3;
  private static final int ELF_INTERPRETER = 3;
  private static final int PE_LIBRARY = 0x2000;
  private static final int MACH_LIBRARY = 6;

  private ContentKinds() {}

  static FileKind of(byte[] bytes) {
    return switch (ContentKind.of(bytes)) {
      case TEXT -> FileKind.TEXT;
      case EXECUTABLE -> isLibrary(bytes) ? FileKind.NATIVE_LIBRARY : FileKind.EXECUTABLE;
      case CLASS -> FileKind.CLASS;
      case ARCHIVE -> FileKind.ARCHIVE;
      case IMAGE -> FileKind.IMAGE;
      case DOCUMENT -> FileKind.DOCUMENT;
      case OTHER -> encoding(bytes).equals("none") ? FileKind.BINARY : FileKind.TEXT;
    };
  }

  /** Of text; {@code none} for what is none. */
  static String encoding(byte[] bytes) {
    if (ContentKind.isText(bytes)) {
      for (byte b : bytes) {
        if (b < 0) {
          return "utf-8";
        }
      }
      return "us-ascii";
    }
    if (bytes.length >= 2 && (isWide(bytes, 0xFE, 0xFF) || isWide(bytes, 0xFF, 0xFE))) {
      Charset wide =
          isWide(bytes, 0xFE, 0xFF) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
      return isWideText(bytes, wide) ? "utf-16" : "none";
    }
    for (byte b : bytes) {
      boolean control = b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f';
      if (control || b == 0x7f) {
        return "none";
      }
    }
    return "other"; // one byte a character, and nobody says which
  }

  private static boolean isWide(byte[] bytes, int first, int second) {
    return (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
  }

  private static boolean isWideText(byte[] bytes, Charset charset) {
    try {
      return charset
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 2, bytes.length - 2))
          .chars()
          .noneMatch(c -> c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Machine code that is loaded into other programs and not started itself. */
  private static boolean isLibrary(byte[] b) {
    if (b.length < 64) {
      return false;
    }
    if (b[0] == 'M' && b[1] == 'Z') {
      ByteBuffer pe = ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN);
      int header = pe.getInt(0x3c);
      return header > 0 && header < b.length - 24 && (pe.getShort(header + 22) & PE_LIBRARY) != 0;
    }
    if (b[0] == 0x7f) {
      return isElfLibrary(b);
    }
    ByteOrder order = (b[0] & 0xff) == 0xfe ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return ByteBuffer.wrap(b).order(order).getInt(12) == MACH_LIBRARY;
  }

  /** A program that can be moved is marked as a library too, but names its interpreter. */
  private static boolean isElfLibrary(byte[] b) {
    ByteBuffer elf =
        ByteBuffer.wrap(b).order(b[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (elf.getShort(16) != ELF_SHARED) {
      return false;
    }
    boolean wide = b[4] == 2;
    long start = wide ? elf.getLong(32) : elf.getInt(28) & 0xffffffffL;
    int size = elf.getShort(wide ? 54 : 42) & 0xffff;
    int count = elf.getShort(wide ? 56 : 44) & 0xffff;
    for (int i = 0; i < count; i++) {
      long at = start + (long) i * size;
      if (at < 0 || at > b.length - 4) {
        return true;
      }
      if (elf.getInt((int) at) == ELF_INTERPRETER) {
        return false;
      }
    }
    return true;
  }
}
