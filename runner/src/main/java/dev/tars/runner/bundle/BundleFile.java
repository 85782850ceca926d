package dev.tars.runner.bundle;

import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.files.NamedFile;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A bundle in a file that a user named. It is read twice: once to know that all of it is as it was
 * signed, and once more to copy it, under the same digests, so that a file which changes between
 * the two is found out as well.
 */
public final class BundleFile {
  /** Documents that are needed to judge the others. */
  private static final Set<String> KEPT =
      Set.of(ContextFiles.CONTEXT, ContextFiles.CHANGE_SET, ContextFiles.VERDICT);

  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final Map<String, Bytes> keys;
  private final BundleLimits limits;

  /**
   * @param keys the public keys that count, by name
   */
  public BundleFile(Path file, Map<String, Bytes> keys, BundleLimits limits) {
    this.file = file;
    this.keys = Map.copyOf(keys);
    this.limits = limits;
  }

  /** Is asked where each file goes; what it opens is closed when all of the file is in it. */
  @FunctionalInterface
  public interface Destination {
    /** The place for a file; empty if nobody wants it. */
    Optional<OutputStream> open(String name, Digest sha256) throws IOException;
  }

  /**
   * Checks all of it.
   *
   * @throws RunnerException INTEGRITY with what is wrong, NOT_FOUND, IO_FAILED
   */
  public Bundle check() {
    Map<String, ByteArrayOutputStream> kept = new HashMap<>();
    return read((statement, in) -> {
      copy(
          statement.statement(),
          in,
          (name, _) -> {
            if (!KEPT.contains(name)) {
              return Optional.empty();
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            kept.put(name, content);
            return Optional.of(content);
          });
      return new BundleParts(statement)
          .bundle(name -> {
            ByteArrayOutputStream content = kept.get(name);
            if (content == null) {
              throw new IllegalArgumentException("it has no " + name);
            }
            return content.toByteArray();
          });
    });
  }

  /** Copies the files of a bundle that was checked. */
  public void copy(Bundle checked, Destination to) {
    boolean _ =
        read((statement, in) -> {
          if (!statement.envelope().equals(checked.signed())) {
            throw new IllegalArgumentException("it was replaced while it was read");
          }
          copy(statement.statement(), in, to);
          return true;
        });
  }

  /** The first entry, opened. */
  record Signed(Bytes envelope, String key, BundleStatement statement) {}

  private interface Reading<T> {
    T read(Signed signed, InputStream in) throws IOException;
  }

  private <T> T read(Reading<T> reading) {
    try {
      try (InputStream in = new BufferedInputStream(NamedFile.open(file), BUFFER)) {
        return reading.read(signed(in, Files.size(file)), in);
      }
    } catch (NamedFile.NotRegular e) {
      throw refused(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    } catch (NoSuchFileException e) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "there is no such bundle")
          .at(Escape.line(file.toString()))
          .cause(e)
          .help("name a file that `tarscli execute export` wrote");
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "the bundle cannot be read: " + Escape.line(e.toString()))
          .at(Escape.line(file.toString()))
          .cause(e)
          .help("name a file that you may read");
    }
  }

  private RunnerException refused(String why, Throwable cause) {
    return RunnerException.of(
            FailureCode.INTEGRITY, "the bundle is not believed: " + Escape.line(why))
        .at(Escape.line(file.toString()))
        .note("nothing of it was kept, and nothing was changed")
        .cause(cause)
        .help(
            why.contains("trust.keys")
                ? "ask who made it for what `tarscli audit key` prints there, and name that key in"
                    + " trust.keys of a policy of yours"
                : "make it again with `tarscli execute export`, and bring it here unchanged");
  }

  /** The envelope; the file must be as large as what it signs, to the byte. */
  private Signed signed(InputStream in, long actual) throws IOException {
    byte[] header = in.readNBytes(TarHeader.BLOCK);
    long size = header.length < TarHeader.BLOCK ? -1 : TarHeader.size(header);
    if (header.length < TarHeader.BLOCK) {
      throw new IllegalArgumentException(
          header.length == 0 ? "it is empty" : "it ends within its first header");
    }
    requireHeader(header, BundleStatement.NAME, Math.max(0, size), Set.of());
    if (size > BundleLimits.STATEMENT) {
      throw new IllegalArgumentException(
          BundleStatement.NAME
              + " has "
              + size
              + " bytes, and at most "
              + BundleLimits.STATEMENT
              + " are taken");
    }
    byte[] envelope = in.readNBytes((int) size);
    if (envelope.length < size) {
      throw new IllegalArgumentException("it ends within " + BundleStatement.NAME);
    }
    requireZeros(in, TarHeader.padding(size), "after " + BundleStatement.NAME);
    Dsse.Opened opened = Dsse.open(envelope, keys);
    BundleStatement statement = BundleStatement.read(opened.statement());
    limits.require(statement);
    long wanted = TarHeader.taken(size) + 2 * TarHeader.BLOCK;
    for (BundleStatement.Entry entry : statement.files()) {
      wanted += TarHeader.taken(entry.size());
    }
    if (actual != wanted) {
      throw new IllegalArgumentException(
          "it has " + actual + " bytes, and what is signed takes " + wanted);
    }
    return new Signed(Bytes.of(envelope), opened.key(), statement);
  }

  private static void copy(BundleStatement statement, InputStream in, Destination to)
      throws IOException {
    Set<String> before = new HashSet<>(Set.of(BundleStatement.NAME));
    for (BundleStatement.Entry entry : statement.files()) {
      byte[] header = in.readNBytes(TarHeader.BLOCK);
      if (header.length < TarHeader.BLOCK) {
        throw new IllegalArgumentException("it ends before " + entry.name());
      }
      requireHeader(header, entry.name(), entry.size(), before);
      try (OutputStream out =
          to.open(entry.name(), entry.sha256()).orElseGet(OutputStream::nullOutputStream)) {
        content(entry, in, out);
      }
      requireZeros(in, TarHeader.padding(entry.size()), "after " + entry.name());
      before.add(entry.name());
    }
    requireZeros(in, 2 * TarHeader.BLOCK, "at its end");
    if (in.read() >= 0) {
      throw new IllegalArgumentException("it goes on after its end");
    }
  }

  private static void content(BundleStatement.Entry entry, InputStream in, OutputStream out)
      throws IOException {
    MessageDigest hash = Digest.sha256();
    byte[] buffer = new byte[BUFFER];
    DigestOutputStream both = new DigestOutputStream(out, hash);
    for (long left = entry.size(); left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        throw new IllegalArgumentException("it ends within " + entry.name());
      }
      both.write(buffer, 0, n);
      left -= n;
    }
    if (!Digest.finish(hash).equals(entry.sha256())) {
      throw new IllegalArgumentException(entry.name() + " is not what was signed");
    }
  }

  private static void requireHeader(byte[] header, String name, long size, Set<String> before) {
    if (!java.util.Arrays.equals(header, TarHeader.of(name, size))) {
      throw new IllegalArgumentException(TarHeader.difference(header, name, size, before));
    }
  }

  private static void requireZeros(InputStream in, int count, String where) throws IOException {
    byte[] found = in.readNBytes(count);
    if (found.length < count) {
      throw new IllegalArgumentException("it ends " + where);
    }
    if (!TarHeader.isZero(found)) {
      throw new IllegalArgumentException("it has bytes " + where + " where zeros belong");
    }
  }
}
