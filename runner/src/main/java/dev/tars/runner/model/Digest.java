package dev.tars.runner.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256, written {@code sha256:} and 64 lower-case hexadecimal digits. */
@PublicApi
public record Digest(String hex) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";

  public Digest {
    if (!isDigest(hex)) {
      throw new IllegalArgumentException("not 64 lower-case hexadecimal digits: " + hex);
    }
  }

  private static boolean isDigest(String hex) {
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return hex.length() == 64;
  }

  /** Reads {@code sha256:<64 hex>} or the 64 digits alone. */
  public static Digest parse(String text) {
    return new Digest(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
  }

  public static Digest of(byte[] content) {
    return finish(sha256(), content);
  }

  /** Hashes all that {@code in} still holds, with a buffer of constant size. */
  public static Digest of(InputStream in) throws IOException {
    MessageDigest md = sha256();
    new DigestInputStream(in, md).transferTo(OutputStream.nullOutputStream());
    return finish(md);
  }

  /** Ends an incremental hash made with {@link #sha256()}. */
  public static Digest finish(MessageDigest md) {
    return new Digest(HexFormat.of().formatHex(md.digest()));
  }

  private static Digest finish(MessageDigest md, byte[] last) {
    return new Digest(HexFormat.of().formatHex(md.digest(last)));
  }

  /** A fresh SHA-256, for incremental hashing. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The first 12 digits, for people; never compare by it. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
