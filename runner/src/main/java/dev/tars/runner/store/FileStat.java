package dev.tars.runner.store;

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
 * @param frozen true if the immutable or the append-only attribute is set
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
    boolean frozen) {

  /** Permission bits alone, 0 to 0777. */
  public int permissions() {
    return mode & 0777;
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
