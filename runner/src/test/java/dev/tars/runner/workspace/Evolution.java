package dev.tars.runner.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A workspace that changes at random, the same way for the same seed. */
final class Evolution {
  private static final List<String> NAMES = List.of("a", "b", "c", "d-e", "d", "f.txt");

  private final Path root;
  private final Random random;
  private int written;

  Evolution(Path root, long seed) throws IOException {
    this.root = Files.createDirectories(root);
    this.random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      step();
    }
  }

  /** Changes one thing: content, kind, mode, time, presence. */
  void step() {
    Path path = pick();
    try {
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> write(path);
        case 3 -> remove(path);
        case 4 -> {
          remove(path);
          Files.createDirectories(path);
        }
        case 5 -> {
          remove(path);
          Files.createDirectories(path.getParent());
          Files.createSymbolicLink(path, Path.of(random.nextBoolean() ? "a" : "../b"));
        }
        case 6 -> mode(path);
        case 7 -> touch(path);
        default -> write(path.resolve(NAMES.get(random.nextInt(NAMES.size()))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path pick() {
    Path path = root;
    int depth = 1 + random.nextInt(3);
    for (int i = 0; i < depth; i++) {
      path = path.resolve(NAMES.get(random.nextInt(NAMES.size())));
    }
    return path;
  }

  private void write(Path path) throws IOException {
    for (Path at = path.getParent(); !at.equals(root); at = at.getParent()) {
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(at);
      }
    }
    Files.createDirectories(path.getParent());
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(path)) {
      remove(path);
    }
    Files.writeString(path, "content " + written++);
  }

  private void remove(Path path) throws IOException {
    if (!hasDirectories(path)) {
      return;
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> all = Files.walk(path)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  /** False if a file or a link stands in the way: never change what a link points to. */
  private boolean hasDirectories(Path path) throws IOException {
    for (Path at = path.getParent(); !at.equals(root); at = at.getParent()) {
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(at);
      }
    }
    return true;
  }

  private void mode(Path path) throws IOException {
    if (hasDirectories(path)
        && (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))) {
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(random.nextBoolean() ? "rwxr-xr-x" : "rwx---r--"));
    }
  }

  private void touch(Path path) throws IOException {
    if (hasDirectories(path) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      write(path); // a time alone makes no other tree, and so no other copy
      Files.setLastModifiedTime(
          path, FileTime.from(Instant.ofEpochSecond(1_000_000 + random.nextInt(1_000_000))));
    }
  }

  /** Every path of a tree: kind, mode, and content; of files the time in seconds as well. */
  static SortedMap<String, String> manifest(Path root) {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.filter(p -> !p.equals(root)).toList()) {
        found.put(root.relativize(path).toString(), describe(path));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link " + Files.readSymbolicLink(path);
    }
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
    String octal = Integer.toOctalString(mode);
    return Files.isDirectory(path)
        ? "directory " + octal
        : "file %s %d %s"
            .formatted(
                octal,
                Files.getLastModifiedTime(path).to(java.util.concurrent.TimeUnit.SECONDS),
                Files.readString(path));
  }
}
