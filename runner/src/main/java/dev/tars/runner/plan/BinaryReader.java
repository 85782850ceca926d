package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** git's binary patches: base 85 of deflated content, or of a delta against the old content. */
final class BinaryReader {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
  private static final int MAX = 32 << 20;

  private BinaryReader() {}

  static FilePatch.BinaryPatch read(Supplier<String> lines) {
    String[] head = lines.get().split(" ", -1);
    boolean known =
        head.length == 2 && head[0].matches("literal|delta") && head[1].matches("[0-9]{1,9}");
    if (!known) {
      throw invalid("it begins with neither 'literal' nor 'delta'");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line = lines.get(); !line.isEmpty(); line = lines.get()) {
      decode(line, bytes);
    }
    return new FilePatch.BinaryPatch(
        head[0].equals("delta"), Integer.parseInt(head[1]), Bytes.of(bytes.toByteArray()));
  }

  private static void decode(String line, ByteArrayOutputStream out) {
    char size = line.charAt(0);
    int count =
        size >= 'A' && size <= 'Z'
            ? size - 'A' + 1
            : size >= 'a' && size <= 'z' ? size - 'a' + 27 : 0;
    if (count == 0 || line.length() != 1 + (count + 3) / 4 * 5) {
      throw invalid("a line has the wrong length");
    }
    for (int at = 1; at < line.length(); at += 5) {
      long value = 0;
      for (int i = 0; i < 5; i++) {
        int digit = ALPHABET.indexOf(line.charAt(at + i));
        if (digit < 0) {
          throw invalid("a character is not base 85");
        }
        value = value * 85 + digit;
      }
      for (int i = 3; i >= 0 && count > 0; i--, count--) {
        out.write((int) (value >> (8 * i)));
      }
    }
  }

  /** Refuses data that are not what they say they are. */
  static void requireWhole(FilePatch.BinaryPatch patch) {
    byte[] _ = inflate(patch.deflated().toArray(), patch.length());
  }

  /** The new content. */
  static byte[] apply(FilePatch.BinaryPatch patch, byte[] old) {
    byte[] data = inflate(patch.deflated().toArray(), patch.length());
    return patch.delta() ? delta(data, old) : data;
  }

  private static byte[] inflate(byte[] deflated, int length) {
    if (length > MAX) {
      throw invalid("it is larger than " + MAX + " bytes");
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(deflated);
      byte[] out = new byte[length];
      int done = 0;
      while (done < length) {
        int n = inflater.inflate(out, done, length - done);
        if (n == 0) {
          throw invalid("it holds less than it says");
        }
        done += n;
      }
      if (inflater.inflate(new byte[1]) != 0) {
        throw invalid("it holds more than it says");
      }
      return out;
    } catch (DataFormatException e) {
      throw invalid("it is not deflated data");
    } finally {
      inflater.end();
    }
  }

  private static byte[] delta(byte[] delta, byte[] old) {
    Cursor in = new Cursor(delta);
    if (in.size() != old.length) {
      throw RunnerException.of(
              FailureCode.EDIT_NOMATCH, "the binary patch was made for another content")
          .note("nothing was changed")
          .help("make the improvement again for the workspace as it is");
    }
    int length = in.size();
    if (length > MAX) {
      throw invalid("it is larger than " + MAX + " bytes");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (in.hasMore()) {
      int op = in.next();
      if ((op & 0x80) != 0) {
        int offset = in.number(op, 4);
        int size = in.number(op >> 4, 3);
        int count = size == 0 ? 0x10000 : size;
        if (offset < 0 || offset > old.length - count) {
          throw invalid("it copies from beyond the old content");
        }
        out.write(old, offset, count);
      } else if (op != 0) {
        byte[] inserted = in.take(op);
        out.write(inserted, 0, inserted.length);
      } else {
        throw invalid("it has an unknown instruction");
      }
      if (out.size() > length) {
        throw invalid("it makes more than it says");
      }
    }
    if (out.size() != length) {
      throw invalid("it makes less than it says");
    }
    return out.toByteArray();
  }

  private static RunnerException invalid(String why) {
    return new RunnerException(
        FailureCode.PATCH_INVALID,
        "not a usable binary patch: " + why,
        "make it with `git diff --binary`");
  }

  private static final class Cursor {
    private final byte[] bytes;
    private int at;

    Cursor(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasMore() {
      return at < bytes.length;
    }

    int next() {
      if (at >= bytes.length) {
        throw invalid("it is cut short");
      }
      return bytes[at++] & 0xff;
    }

    byte[] take(int count) {
      if (bytes.length - at < count) {
        throw invalid("it is cut short");
      }
      at += count;
      return Arrays.copyOfRange(bytes, at - count, at);
    }

    int size() {
      long value = 0;
      int shift = 0;
      int b;
      do {
        b = next();
        value |= (long) (b & 0x7f) << shift;
        shift += 7;
      } while ((b & 0x80) != 0 && shift < 35);
      if (value > Integer.MAX_VALUE) {
        throw invalid("it is too large");
      }
      return (int) value;
    }

    int number(int mask, int bytesMax) {
      int value = 0;
      for (int i = 0; i < bytesMax; i++) {
        if ((mask >> i & 1) != 0) {
          value |= next() << (8 * i);
        }
      }
      return value;
    }
  }
}
