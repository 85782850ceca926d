package dev.tars.runner.workspace;

import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.DeflaterInputStream;

/** The parts of git's patch format that are about bytes; streams, so that no file is too large. */
final class GitBinary {
  private static final byte[] ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
          .getBytes(StandardCharsets.US_ASCII);
  private static final int LINE_BYTES = 52;

  private final ObjectStore objects;

  GitBinary(ObjectStore objects) {
    this.objects = objects;
  }

  /** The name git gives a blob; forty zeros for none. Binary patches must name blobs in full. */
  String blobId(Optional<TreeEntry> entry) throws IOException {
    if (entry.isEmpty()) {
      return "0".repeat(40);
    }
    MessageDigest sha1 = sha1();
    sha1.update(("blob " + size(entry) + "\0").getBytes(StandardCharsets.US_ASCII));
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = open(entry)) {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        sha1.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(sha1.digest());
  }

  /** Both directions in full, so that the patch can be reversed too. */
  void write(Optional<TreeEntry> before, Optional<TreeEntry> after, OutputStream out)
      throws IOException {
    out.write("GIT binary patch\n".getBytes(StandardCharsets.US_ASCII));
    literal(after, out);
    literal(before, out);
  }

  private void literal(Optional<TreeEntry> entry, OutputStream out) throws IOException {
    out.write(("literal " + size(entry) + "\n").getBytes(StandardCharsets.US_ASCII));
    byte[] line = new byte[LINE_BYTES + 3];
    try (InputStream deflated = new DeflaterInputStream(open(entry))) {
      for (int n = deflated.readNBytes(line, 0, LINE_BYTES);
          n > 0;
          n = deflated.readNBytes(line, 0, LINE_BYTES)) {
        out.write(n <= 26 ? 'A' + n - 1 : 'a' + n - 27);
        for (int i = n; i < n + 3; i++) {
          line[i] = 0; // the last group is padded
        }
        for (int i = 0; i < n; i += 4) {
          out.write(group(line, i));
        }
        out.write('\n');
      }
    }
    out.write('\n');
  }

  /** Four bytes as five digits of base 85. */
  private static byte[] group(byte[] bytes, int at) {
    long value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    byte[] digits = new byte[5];
    for (int i = 4; i >= 0; i--) {
      digits[i] = ALPHABET[(int) (value % 85)];
      value /= 85;
    }
    return digits;
  }

  private static long size(Optional<TreeEntry> entry) {
    return switch (entry.orElse(null)) {
      case TreeEntry.RegularFile file -> file.size();
      case TreeEntry.Symlink link -> link.target().length();
      case TreeEntry.Directory d -> 0;
      case null -> 0;
    };
  }

  private InputStream open(Optional<TreeEntry> entry) {
    return switch (entry.orElse(null)) {
      case TreeEntry.RegularFile file -> objects.open(file.content());
      case TreeEntry.Symlink link -> new ByteArrayInputStream(link.target().toArray());
      case TreeEntry.Directory d -> InputStream.nullInputStream();
      case null -> InputStream.nullInputStream();
    };
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
