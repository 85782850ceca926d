package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What somebody puts in the place of a file that tarscli opens. */
public enum Planted {
  LINK,
  LINKED_DIRECTORY,
  LINKED_TARS,
  PIPE,
  DEVICE,
  DIRECTORY,
  HUGE,
  SPARSE;

  /** What no message may show and no run may take: the content of a file of the host. */
  public static final String CANARY = "canary-7f3a-of-the-host";

  /**
   * Puts it in the place of {@code file}, which is there.
   *
   * @param secret a file of the host; what is linked lies beside it
   */
  public void plant(Path file, Path secret) throws Exception {
    Path dir = file.getParent();
    Path elsewhere = Files.createDirectories(secret.resolveSibling("elsewhere"));
    switch (this) {
      case LINK -> link(file, secret);
      case LINKED_DIRECTORY -> {
        Files.copy(secret, elsewhere.resolve(file.getFileName()));
        remove(dir);
        Files.createSymbolicLink(dir, elsewhere);
      }
      case LINKED_TARS -> {
        Path tars = dir.endsWith(".tars") ? dir : dir.getParent();
        Path there = Files.createDirectories(elsewhere.resolve(tars.relativize(dir).toString()));
        Files.copy(secret, there.resolve(file.getFileName()));
        remove(tars);
        Files.createSymbolicLink(tars, elsewhere);
      }
      case PIPE -> {
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      }
      case DEVICE -> link(file, Path.of("/dev/zero"));
      case DIRECTORY -> {
        Files.delete(file);
        Files.createDirectory(file);
      }
      case HUGE -> {
        Files.delete(file);
        Files.write(file, new byte[40 << 20]);
      }
      case SPARSE -> {
        Files.delete(file);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
          sparse.setLength(1L << 40);
        }
      }
    }
  }

  private static void link(Path file, Path target) throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, target);
  }

  static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
