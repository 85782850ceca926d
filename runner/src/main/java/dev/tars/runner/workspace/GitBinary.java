package dev.tars.runner.workspace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;

/** The parts of git's patch format that are about bytes. */
final class GitBinary {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
  private static final int LINE_BYTES = 52;

  private GitBinary() {}

  /** The name git gives a blob; forty zeros for none. Binary patches must name blobs in full. */
  static String blobId(byte[] content, boolean present) {
    if (!present) {
      return "0".repeat(40);
    }
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha1.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /** Both directions in full, so that the patch can be reversed too. */
  static void write(byte[] before, byte[] after, OutputStream out) throws IOException {
    out.write("GIT binary patch\n".getBytes(StandardCharsets.US_ASCII));
    literal(after, out);
    literal(before, out);
  }

  private static void literal(byte[] content, OutputStream out) throws IOException {
    out.write(("literal " + content.length + "\n").getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(deflated)) {
      deflater.write(content);
    }
    byte[] bytes = deflated.toByteArray();
    for (int at = 0; at < bytes.length; at += LINE_BYTES) {
      int count = Math.min(LINE_BYTES, bytes.length - at);
      out.write(count <= 26 ? 'A' + count - 1 : 'a' + count - 27);
      for (int i = 0; i < count; i += 4) {
        group(bytes, at + i, at + count, out);
      }
      out.write('\n');
    }
    out.write('\n');
  }

  /** Four bytes, padded with zeros, as five digits of base 85. */
  private static void group(byte[] bytes, int at, int end, OutputStream out) throws IOException {
    long value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | (at + i < end ? bytes[at + i] & 0xff : 0);
    }
    char[] digits = new char[5];
    for (int i = 4; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (value % 85));
      value /= 85;
    }
    out.write(new String(digits).getBytes(StandardCharsets.US_ASCII));
  }
}
