package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The system calls that everything durable goes through, so that crashes and errors can be
 * simulated. Each names one entry of an open directory; no call ever follows a symbolic link below
 * the directory it was given. Names are bytes, as the kernel holds them.
 *
 * <p>Every call throws {@link DiskException} with the error number, and changes nothing when it
 * does, unless it says otherwise.
 */
public interface Disk {

  /** Opens an absolute directory that we trust; its last component may not be a link. */
  Dir open(Path directory);

  /** Opens a directory below {@code base}: beneath it, through no link and no magic link. */
  Dir open(Dir base, RelativePath path);

  /** The entries but for {@code .} and {@code ..}, in unsigned byte order of the names. */
  List<DirEntry> list(Dir dir);

  /** The entry itself, never what a link points to; empty if there is none. */
  Optional<FileStat> stat(Dir dir, Bytes name);

  FileStat stat(Dir dir);

  FileStat stat(DiskFile file);

  /** Opens a regular file; anything else is refused before it can block or act. */
  DiskFile open(Dir dir, Bytes name, OpenMode mode);

  /** Creates a regular file that must not exist, open for reading and writing. */
  DiskFile create(Dir dir, Bytes name, int mode);

  /** Reads at the file's position. Returns -1 at the end. */
  int read(DiskFile file, byte[] into, int offset, int length);

  /** Writes all bytes at the file's position (at the end with {@link OpenMode#APPEND}). */
  void write(DiskFile file, byte[] from, int offset, int length);

  /** Moves the file's position, in bytes from its start. */
  void seek(DiskFile file, long position);

  void truncate(DiskFile file, long size);

  /**
   * Copies all of {@code from} to the end of {@code to}; shares blocks where it can, and leaves
   * holes where {@code from} has some.
   */
  void copy(DiskFile from, DiskFile to);

  /** Reserves blocks, so that later writes up to {@code size} cannot fail for lack of space. */
  void allocate(DiskFile file, long size);

  void fsync(DiskFile file);

  void fdatasync(DiskFile file);

  void fsync(Dir dir);

  /** Writes back everything of the file system that holds {@code dir}. */
  void syncfs(Dir dir);

  void mkdir(Dir dir, Bytes name, int mode);

  void unlink(Dir dir, Bytes name);

  void rmdir(Dir dir, Bytes name);

  void rename(Dir from, Bytes name, Dir to, Bytes newName, RenameMode mode);

  /** A hard link to a regular file or a symbolic link. */
  void link(Dir from, Bytes name, Dir to, Bytes newName);

  void symlink(Dir dir, Bytes name, Bytes target);

  Bytes readlink(Dir dir, Bytes name);

  /** Sets permission bits of a file or directory; refuses a link. */
  void chmod(Dir dir, Bytes name, int mode);

  /** Changes the owner of the entry itself. */
  void chown(Dir dir, Bytes name, int uid, int gid);

  /** Sets the modification time of the entry itself, in nanoseconds since the epoch. */
  void setModified(Dir dir, Bytes name, long nanos);

  /** Makes an overlay whiteout: a character device 0:0. */
  void whiteout(Dir dir, Bytes name);

  /** Names of the extended attributes of the entry itself. */
  List<Bytes> xattrs(Dir dir, Bytes name);

  Bytes xattr(Dir dir, Bytes name, Bytes attribute);

  void setXattr(Dir dir, Bytes name, Bytes attribute, Bytes value);

  void removeXattr(Dir dir, Bytes name, Bytes attribute);

  /** Takes an exclusive lock that ends with the file handle; false if another handle holds it. */
  boolean tryLock(DiskFile file);

  /** The process that has the lock on a file, as far as it can be known. */
  default Optional<LockHolder> lockHolder(DiskFile file) {
    return Optional.empty();
  }

  /**
   * A path by which other processes of this machine reach an open directory, whatever it is called,
   * for as long as it is open; empty if there is none.
   */
  default Optional<Path> byDescriptor(Dir dir) {
    return Optional.empty();
  }

  /** The same lock on a directory: everybody who can open it sees it, whatever else they share. */
  boolean tryLock(Dir dir);

  /** Space and nature of the file system that holds {@code dir}. */
  FsStat statfs(Dir dir);

  /** An open directory. */
  interface Dir extends AutoCloseable {
    /** Where it is, escaped, for messages only. */
    String where();

    @Override
    void close();
  }

  /** An open regular file. */
  interface DiskFile extends AutoCloseable {
    /** Where it is, escaped, for messages only. */
    String where();

    @Override
    void close();
  }

  /** How a file is opened. */
  enum OpenMode {
    READ,
    WRITE,
    APPEND
  }

  /** What a rename does with a target that exists. */
  enum RenameMode {
    REPLACE,
    NOREPLACE,
    EXCHANGE
  }

  /**
   * One entry of a directory listing; the kind is {@code UNKNOWN} where the kernel does not say.
   */
  record DirEntry(Bytes name, FileKind kind) {}
}
