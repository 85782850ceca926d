package dev.tars.runner.store;

/** Error numbers of Linux that somebody here decides on; the rest is {@link #OTHER}. */
public enum Errno {
  EPERM(1, "operation not permitted"),
  ENOENT(2, "no such file or directory"),
  EINTR(4, "interrupted"),
  EIO(5, "input/output error"),
  EAGAIN(11, "would block"),
  EACCES(13, "permission denied"),
  EBUSY(16, "busy"),
  EEXIST(17, "exists already"),
  EXDEV(18, "crosses a file system or leaves the directory"),
  ENOTDIR(20, "not a directory"),
  EISDIR(21, "is a directory"),
  EINVAL(22, "invalid argument"),
  EMFILE(24, "too many open files"),
  EFBIG(27, "file too large"),
  ENOSPC(28, "no space left"),
  EROFS(30, "read-only file system"),
  EMLINK(31, "too many links"),
  ENAMETOOLONG(36, "name too long"),
  ENOSYS(38, "the kernel has no such call"),
  ENOTEMPTY(39, "directory not empty"),
  ELOOP(40, "a symbolic link is in the way"),
  ENODATA(61, "no such attribute"),
  EOPNOTSUPP(95, "not supported here"),
  EDQUOT(122, "quota exceeded"),
  OTHER(0, "failed");

  private final int number;
  private final String sentence;

  Errno(int number, String sentence) {
    this.number = number;
    this.sentence = sentence;
  }

  public static Errno of(int number) {
    for (Errno e : values()) {
      if (e.number == number) {
        return e;
      }
    }
    return OTHER;
  }

  public int number() {
    return number;
  }

  public String sentence() {
    return sentence;
  }
}
