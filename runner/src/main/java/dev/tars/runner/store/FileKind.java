package dev.tars.runner.store;

/** What the kernel says an entry is. */
public enum FileKind {
  REGULAR,
  DIRECTORY,
  SYMLINK,
  CHARACTER_DEVICE,
  BLOCK_DEVICE,
  FIFO,
  SOCKET,
  UNKNOWN
}
