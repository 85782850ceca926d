package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The names that a git index tracks, read without git. The file is the workspace's and may hold
 * anything: an index that is too large, damaged or of an unknown kind tracks nothing.
 *
 * <p>INVARIANT: a tracked name only ever adds to what is copied into a box; no name takes a path
 * out of it.
 *
 * @param names in the byte order of {@link RelativePath}
 */
record GitIndex(TreeSet<RelativePath> names) {
  private static final GitIndex NONE = new GitIndex(new TreeSet<>());
  private static final Bytes DOT_GIT = Bytes.utf8(".git");
  private static final Bytes INDEX = Bytes.utf8("index");
  private static final long LARGEST = 64L << 20;
  private static final int LONGEST_POINTER = 4096;
  private static final int LONGEST_NAME = 4096;
  private static final int SIGNATURE = 0x44495243; // DIRC
  private static final int FIXED_BYTES = 62;
  private static final int SHA256_MORE = 12;
  private static final int EXTENDED = 0x4000;

  /** The index of the work tree whose root is open; empty if there is none that can be read. */
  static GitIndex of(Disk disk, Disk.Dir root) {
    try {
      Optional<FileStat> git = disk.stat(root, DOT_GIT);
      if (git.isEmpty()) {
        return NONE;
      }
      if (git.get().kind() == FileKind.REGULAR && git.get().size() <= LONGEST_POINTER) {
        return linked(disk, root);
      }
      if (git.get().kind() != FileKind.DIRECTORY) {
        return NONE;
      }
      try (Disk.Dir dir = disk.open(root, RelativePath.of(DOT_GIT))) {
        return in(disk, dir);
      }
    } catch (DiskException unreadable) {
      return NONE;
    }
  }

  /** A linked work tree: {@code .git} is a file that says where its index is. */
  private static GitIndex linked(Disk disk, Disk.Dir root) {
    String text;
    try (Disk.DiskFile file = disk.open(root, DOT_GIT, Disk.OpenMode.READ)) {
      text = new String(BoundedReads.readAll(disk, file, LONGEST_POINTER), StandardCharsets.UTF_8);
    }
    String target = text.startsWith("gitdir: ") ? text.substring(8).strip() : "";
    if (!target.startsWith("/") || target.indexOf('\0') >= 0) {
      return NONE;
    }
    try (Disk.Dir dir = disk.open(Path.of(target))) {
      return in(disk, dir);
    }
  }

  private static GitIndex in(Disk disk, Disk.Dir dir) {
    Optional<FileStat> stat = disk.stat(dir, INDEX);
    if (stat.isEmpty() || stat.get().kind() != FileKind.REGULAR || stat.get().size() > LARGEST) {
      return NONE;
    }
    try (Disk.DiskFile file = disk.open(dir, INDEX, Disk.OpenMode.READ)) {
      return parse(BoundedReads.readAll(disk, file, LARGEST));
    } catch (dev.tars.runner.model.RunnerException grown) {
      return NONE;
    }
  }

  /** Names of an index of version 2, 3 or 4 with SHA-1 or SHA-256 ids. */
  static GitIndex parse(byte[] bytes) {
    return parse(bytes, FIXED_BYTES).or(() -> parse(bytes, FIXED_BYTES + SHA256_MORE)).orElse(NONE);
  }

  private static Optional<GitIndex> parse(byte[] bytes, int fixed) {
    if (bytes.length < 12) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int version = in.getInt(4);
    int count = in.getInt(8);
    if (in.getInt(0) != SIGNATURE || version < 2 || version > 4 || count < 0) {
      return Optional.empty();
    }
    TreeSet<RelativePath> names = new TreeSet<>();
    byte[] previous = new byte[0];
    int at = 12;
    for (int i = 0; i < count; i++) {
      if (at > bytes.length - fixed - 1) {
        return Optional.empty();
      }
      int begin = at;
      boolean extended = version >= 3 && (in.getShort(at + fixed - 2) & EXTENDED) != 0;
      at += fixed + (extended ? 2 : 0);
      int kept = 0;
      if (version == 4) {
        long strip = 0;
        int b;
        do { // git's offset encoding of how much of the name before is dropped
          if (at >= bytes.length || strip > LONGEST_NAME) {
            return Optional.empty();
          }
          b = bytes[at++] & 0xff;
          strip = (strip << 7) + (b & 0x7f) + ((b & 0x80) != 0 ? 1 : 0);
        } while ((b & 0x80) != 0);
        if (strip > previous.length) {
          return Optional.empty();
        }
        kept = previous.length - (int) strip;
      }
      int end = at;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
      if (end == bytes.length || kept + (end - at) > LONGEST_NAME || kept + (end - at) == 0) {
        return Optional.empty();
      }
      byte[] name = Arrays.copyOf(previous, kept + (end - at));
      System.arraycopy(bytes, at, name, kept, end - at);
      add(names, name);
      previous = name;
      at = version == 4 ? end + 1 : begin + (end - begin) / 8 * 8 + 8;
    }
    return Optional.of(new GitIndex(names));
  }

  private static void add(TreeSet<RelativePath> names, byte[] name) {
    try {
      names.add(RelativePath.of(Bytes.of(name)));
    } catch (IllegalArgumentException notAPath) {
      // A name that no file can have is of no file.
    }
  }

  boolean tracks(RelativePath path) {
    return names.contains(path);
  }

  /** Tracked names below a directory, in order. */
  Iterable<RelativePath> below(RelativePath directory) {
    RelativePath first = directory.resolve(Bytes.of(new byte[] {1}));
    return () -> names.tailSet(first, true).stream().takeWhile(directory::contains).iterator();
  }
}
