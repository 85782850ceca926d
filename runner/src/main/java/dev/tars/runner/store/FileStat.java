package dev.tars.runner.store;

import java.util.Optional;

/**
 * What {@code statx} says of one entry.
 *
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777
 * @param size bytes
 * @param allocated bytes that blocks are reserved for; less than {@code size} in a sparse file
 * @param modifiedNanos since the epoch
 * @param changedNanos since the epoch, of the inode
 * @param device of the file system, as {@code major << 32 | minor}
 * @param special device number of a device file, as {@code major << 32 | minor}
 * @param attributes the attributes of the inode, as {@code stx_attributes} has them
 */
public record FileStat(
    FileKind kind,
    int mode,
    int uid,
    int gid,
    long size,
    long allocated,
    long modifiedNanos,
    long changedNanos,
    long inode,
    long device,
    int links,
    long special,
    long mountId,
    long attributes) {
  private static final long IMMUTABLE = 0x10;
  private static final long APPEND_ONLY = 0x20;
  private static final long NO_DUMP = 0x40;
  private static final long VERITY = 0x100000;

  /** Permission bits alone, 0 to 0777. */
  public int permissions() {
    return mode & 0777;
  }

  /** The setuid, setgid and sticky bits alone, 0 or 01000 to 07000. */
  public int specialBits() {
    return mode & 07000;
  }

  /** True if the immutable or the append-only attribute is set. */
  public boolean frozen() {
    return (attributes & (IMMUTABLE | APPEND_ONLY)) != 0;
  }

  /** The name of an attribute that a new file in its place would not have. */
  public Optional<String> lostAttribute() {
    if ((attributes & VERITY) != 0) {
      return Optional.of("verity");
    }
    return (attributes & NO_DUMP) != 0 ? Optional.of("nodump") : Optional.empty();
  }

  /** True for an overlay whiteout, a character device 0:0. */
  public boolean isWhiteout() {
    return kind == FileKind.CHARACTER_DEVICE && special == 0;
  }

  /** True if both are the same inode of the same file system. */
  public boolean sameFile(FileStat other) {
    return inode == other.inode && device == other.device;
  }
}
