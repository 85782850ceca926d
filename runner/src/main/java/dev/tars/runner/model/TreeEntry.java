package dev.tars.runner.model;

/**
 * What stands at a path, as far as identity goes: kind, permission bits and content. Owner, times
 * and extended attributes are not part of it.
 */
public sealed interface TreeEntry {
  /** Permission bits, 0 to 0777. A symlink has 0777. */
  int mode();

  /** A regular file: the SHA-256 and the length of its content. */
  record RegularFile(int mode, Digest content, long size) implements TreeEntry {
    public RegularFile {
      requireMode(mode);
      if (size < 0) {
        throw new IllegalArgumentException("negative size " + size);
      }
    }
  }

  record Directory(int mode) implements TreeEntry {
    public Directory {
      requireMode(mode);
    }
  }

  /** A symbolic link; the target is stored as the kernel holds it and is never followed. */
  record Symlink(Bytes target) implements TreeEntry {
    @Override
    public int mode() {
      return 0777;
    }
  }

  private static void requireMode(int mode) {
    if ((mode & ~0777) != 0) {
      throw new IllegalArgumentException("mode has special bits: " + Integer.toOctalString(mode));
    }
  }
}
