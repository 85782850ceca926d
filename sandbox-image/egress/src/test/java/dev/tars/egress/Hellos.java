package dev.tars.egress;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * ClientHellos as an attacker would write them: a body that a server answers, with extensions in
 * any number and order.
 */
@SuppressWarnings("ArrayRecordComponent") // used up at once, compared with nothing
record Hellos(String name, byte[] extensions, byte[] tail, int missing) {

  static Hellos of(String name) {
    byte[] more =
        join(
            extension(10, new byte[] {0, 2, 0, 0x1d}), // x25519
            extension(11, new byte[] {1, 0}),
            extension(13, new byte[] {0, 4, 4, 3, 8, 4}));
    return new Hellos(name, join(serverName(entry(name)), more), new byte[0], 0);
  }

  static Hellos nameless() {
    return new Hellos("", extension(10, new byte[] {0, 2, 0, 0x1d}), new byte[0], 0);
  }

  static Hellos ofTwo(String one, String two) {
    return new Hellos(one, serverName(join(entry(one), entry(two))), new byte[0], 0);
  }

  Hellos with(int type, byte[] content) {
    return new Hellos(name, join(extensions, extension(type, content)), tail, missing);
  }

  Hellos withName(String second) {
    return new Hellos(name, join(extensions, serverName(entry(second))), tail, missing);
  }

  /** Bytes of the message behind the list of extensions. */
  Hellos behind(byte[] bytes) {
    return new Hellos(name, extensions, bytes, missing);
  }

  /** The message says that it is shorter than its list. */
  Hellos cut(int bytes) {
    return new Hellos(name, extensions, tail, bytes);
  }

  private byte[] message() {
    byte[] list = join(sized(2, extensions), tail);
    byte[] body =
        join(
            new byte[] {3, 3},
            new byte[32],
            new byte[] {0},
            sized(2, new byte[] {(byte) 0xc0, 0x2b, (byte) 0xc0, 0x2f}),
            new byte[] {1, 0},
            Arrays.copyOf(list, list.length - missing));
    return join(new byte[] {1}, sized(3, body));
  }

  byte[] bytes() {
    return inRecordsOf(1 << 14);
  }

  byte[] inRecordsOf(int size) {
    byte[] message = message();
    byte[] records = new byte[0];
    for (int at = 0; at < message.length; at += size) {
      byte[] part = Arrays.copyOfRange(message, at, Math.min(message.length, at + size));
      records = join(records, new byte[] {0x16, 3, 1}, sized(2, part));
    }
    return records;
  }

  private static byte[] serverName(byte[] entries) {
    return extension(0, sized(2, entries));
  }

  private static byte[] entry(String name) {
    return join(new byte[] {0}, sized(2, name.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static byte[] extension(int type, byte[] content) {
    return join(new byte[] {(byte) (type >> 8), (byte) type}, sized(2, content));
  }

  private static byte[] sized(int bytes, byte[] content) {
    byte[] size = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      size[i] = (byte) (content.length >> (8 * (bytes - 1 - i)));
    }
    return join(size, content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
