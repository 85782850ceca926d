package dev.tars.runner.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Syscalls.Call;
import dev.tars.runner.store.Syscalls.Scratch;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The real disk: Linux system calls on file descriptors. Thread-safe; handles are not. */
public final class LinuxDisk implements Disk {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int ENXIO = 6;

  /** The kernel cannot copy from this file system to that one. */
  private static final Set<Errno> COPIED_BY_HAND =
      Set.of(Errno.EXDEV, Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOSYS);

  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_NOCTTY = 0400;
  private static final int O_APPEND = 02000;
  private static final int O_NONBLOCK = 04000;
  private static final int O_DIRECTORY = arm() ? 040000 : 0200000;
  private static final int O_NOFOLLOW = arm() ? 0100000 : 0400000;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_PATH = 010000000;
  private static final long RESOLVE = 0x08 | 0x04 | 0x02; // BENEATH, NO_SYMLINKS, NO_MAGICLINKS
  private static final int STATX_MASK = 0x17ff; // basic stats and the mount id
  private static final int ENOSYS = 38;

  private volatile boolean withoutOpenat2;

  private LinuxDisk() {}

  public static LinuxDisk create() {
    return new LinuxDisk();
  }

  private static boolean arm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  /** Where a call works; spelled out only when it fails, for most calls do not. */
  private interface Where {
    String text();
  }

  private record Handle(int fd, Where place) implements Dir, DiskFile {
    @Override
    public String where() {
      return place.text();
    }

    @Override
    public void close() {
      long _ = Syscalls.call(Call.CLOSE, fd, 0, 0, 0, 0);
    }
  }

  // ---- opening

  @Override
  public Dir open(Path directory) {
    Scratch s = Scratch.get();
    Where where = () -> Escape.line(directory.toString());
    put(s.first, directory.toString().getBytes(StandardCharsets.UTF_8), where);
    int flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    long fd = Syscalls.call(Call.OPENAT, AT_FDCWD, s.first.address(), flags, 0, 0);
    return new Handle(checked(fd, "open", where), where);
  }

  @Override
  public Dir open(Dir base, RelativePath path) {
    Where where = () -> path.isRoot() ? base.where() : base.where() + "/" + path;
    byte[] name = path.isRoot() ? new byte[] {'.'} : path.bytes().toArray();
    long fd = openat2(fd(base), name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0, where);
    if (fd == -ENOSYS) {
      return descend(base, path, where);
    }
    return new Handle(checked(fd, "open", where), where);
  }

  /** For kernels without openat2: one component at a time, each not a link. */
  private Dir descend(Dir base, RelativePath path, Where where) {
    Scratch s = Scratch.get();
    int flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    put(s.first, new byte[] {'.'}, where);
    int at =
        checked(
            Syscalls.call(Call.OPENAT, fd(base), s.first.address(), flags, 0, 0), "open", where);
    for (Bytes component : path.components()) {
      put(s.first, component.toArray(), where);
      long next = Syscalls.call(Call.OPENAT, at, s.first.address(), flags, 0, 0);
      Syscalls.call(Call.CLOSE, at, 0, 0, 0, 0);
      at = checked(next, "open", where);
    }
    return new Handle(at, where);
  }

  private long openat2(int base, byte[] name, long flags, long mode, Where where) {
    if (withoutOpenat2) {
      return -ENOSYS;
    }
    Scratch s = Scratch.get();
    put(s.first, name, where);
    s.struct.set(JAVA_LONG_UNALIGNED, 0, flags);
    s.struct.set(JAVA_LONG_UNALIGNED, 8, mode);
    s.struct.set(JAVA_LONG_UNALIGNED, 16, RESOLVE);
    long fd = Syscalls.call(Call.OPENAT2, base, s.first.address(), s.struct.address(), 24, 0);
    if (fd == -ENOSYS) {
      withoutOpenat2 = true;
    }
    return fd;
  }

  @Override
  public DiskFile open(Dir dir, Bytes name, OpenMode mode) {
    Where where = where(dir, name);
    // Asked before opening: opening a device can act, and opening a fifo can block.
    requireRegular(
        stat(dir, name).orElseThrow(() -> new DiskException(Errno.ENOENT, "open", where.text())),
        where);
    int flags =
        switch (mode) {
          case READ -> 0;
          case WRITE -> O_RDWR;
          case APPEND -> O_WRONLY | O_APPEND;
        };
    DiskFile file = openName(dir, name, flags | O_NONBLOCK | O_NOCTTY, 0, "open");
    try {
      requireRegular(stat(file), where);
      return file;
    } catch (DiskException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public DiskFile create(Dir dir, Bytes name, int mode) {
    DiskFile file = openName(dir, name, O_RDWR | O_CREAT | O_EXCL, 0600, "create");
    if (mode != 0600) {
      chmodPath(procPath(fd(file)), mode, file::where);
    }
    return file;
  }

  private static DiskFile openName(Dir dir, Bytes name, int flags, int mode, String call) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    putName(s.first, name, where);
    long fd =
        Syscalls.call(
            Call.OPENAT, fd(dir), s.first.address(), flags | O_NOFOLLOW | O_CLOEXEC, mode, 0);
    return new Handle(checked(fd, call, where), where);
  }

  private static void requireRegular(FileStat stat, Where where) {
    if (stat.kind() != FileKind.REGULAR) {
      throw new DiskException(
          stat.kind() == FileKind.SYMLINK ? Errno.ELOOP : Errno.EINVAL, "open", where.text());
    }
  }

  // ---- looking

  @Override
  public List<DirEntry> list(Dir dir) {
    Scratch s = Scratch.get();
    Syscalls.call(Call.LSEEK, fd(dir), 0, 0, 0, 0);
    List<DirEntry> entries = new ArrayList<>();
    while (true) {
      long n =
          Syscalls.call(Call.GETDENTS64, fd(dir), s.buffer.address(), Scratch.BUFFER_BYTES, 0, 0);
      if (checked(n, "list", dir::where) == 0) {
        break;
      }
      for (long at = 0; at < n; at += s.buffer.get(JAVA_SHORT_UNALIGNED, at + 16) & 0xffff) {
        addEntry(s.buffer, at, entries);
      }
    }
    entries.sort(Comparator.comparing(DirEntry::name));
    return entries;
  }

  private static void addEntry(MemorySegment buffer, long at, List<DirEntry> entries) {
    long start = at + 19;
    long end = start;
    while (buffer.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] name = buffer.asSlice(start, end - start).toArray(JAVA_BYTE);
    boolean self = name.length == 1 && name[0] == '.';
    boolean parent = name.length == 2 && name[0] == '.' && name[1] == '.';
    if (!self && !parent) {
      entries.add(new DirEntry(Bytes.of(name), kindOfType(buffer.get(JAVA_BYTE, at + 18))));
    }
  }

  private static FileKind kindOfType(int type) {
    return type == 0 ? FileKind.UNKNOWN : kindOfMode(type << 12);
  }

  private static FileKind kindOfMode(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> FileKind.REGULAR;
      case 0040000 -> FileKind.DIRECTORY;
      case 0120000 -> FileKind.SYMLINK;
      case 0020000 -> FileKind.CHARACTER_DEVICE;
      case 0060000 -> FileKind.BLOCK_DEVICE;
      case 0010000 -> FileKind.FIFO;
      case 0140000 -> FileKind.SOCKET;
      default -> FileKind.UNKNOWN;
    };
  }

  @Override
  public Optional<FileStat> stat(Dir dir, Bytes name) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    putName(s.first, name, where);
    long result = statx(fd(dir), s, AT_SYMLINK_NOFOLLOW);
    if (result == -Errno.ENOENT.number()) {
      return Optional.empty();
    }
    checked(result, "stat", where);
    return Optional.of(fileStat(s.struct));
  }

  @Override
  public FileStat stat(Dir dir) {
    return statOf(fd(dir), dir::where);
  }

  @Override
  public FileStat stat(DiskFile file) {
    return statOf(fd(file), file::where);
  }

  private static FileStat statOf(int fd, Where where) {
    Scratch s = Scratch.get();
    s.first.set(JAVA_BYTE, 0, (byte) 0);
    checked(statx(fd, s, AT_EMPTY_PATH), "stat", where);
    return fileStat(s.struct);
  }

  private static long statx(int fd, Scratch s, int flags) {
    return Syscalls.call(Call.STATX, fd, s.first.address(), flags, STATX_MASK, s.struct.address());
  }

  private static FileStat fileStat(MemorySegment x) {
    int mode = x.get(JAVA_SHORT_UNALIGNED, 28) & 0xffff;
    return new FileStat(
        kindOfMode(mode),
        mode & 07777,
        x.get(JAVA_INT_UNALIGNED, 20),
        x.get(JAVA_INT_UNALIGNED, 24),
        x.get(JAVA_LONG_UNALIGNED, 40),
        x.get(JAVA_LONG_UNALIGNED, 48) * 512,
        nanos(x, 112),
        nanos(x, 96),
        x.get(JAVA_LONG_UNALIGNED, 32),
        device(x, 136),
        x.get(JAVA_INT_UNALIGNED, 16),
        device(x, 128),
        x.get(JAVA_LONG_UNALIGNED, 144),
        x.get(JAVA_LONG_UNALIGNED, 8));
  }

  private static long nanos(MemorySegment x, long at) {
    return x.get(JAVA_LONG_UNALIGNED, at) * 1_000_000_000L + x.get(JAVA_INT_UNALIGNED, at + 8);
  }

  private static long device(MemorySegment x, long at) {
    return Integer.toUnsignedLong(x.get(JAVA_INT_UNALIGNED, at)) << 32
        | Integer.toUnsignedLong(x.get(JAVA_INT_UNALIGNED, at + 4));
  }

  @Override
  public FsStat statfs(Dir dir) {
    Scratch s = Scratch.get();
    checked(
        Syscalls.call(Call.FSTATFS, fd(dir), s.struct.address(), 0, 0, 0), "statfs", dir::where);
    MemorySegment f = s.struct;
    long files = f.get(JAVA_LONG_UNALIGNED, 40);
    return new FsStat(
        f.get(JAVA_LONG_UNALIGNED, 32) * f.get(JAVA_LONG_UNALIGNED, 8),
        files == 0 ? Long.MAX_VALUE : f.get(JAVA_LONG_UNALIGNED, 48),
        f.get(JAVA_LONG_UNALIGNED, 0),
        (f.get(JAVA_LONG_UNALIGNED, 80) & 1) != 0);
  }

  // ---- content

  @Override
  public int read(DiskFile file, byte[] into, int offset, int length) {
    Scratch s = Scratch.get();
    int wanted = Math.min(length, Scratch.BUFFER_BYTES);
    long n = Syscalls.call(Call.READ, fd(file), s.buffer.address(), wanted, 0, 0);
    int got = checked(n, "read", file::where);
    MemorySegment.copy(s.buffer, JAVA_BYTE, 0, into, offset, got);
    return got == 0 && length > 0 ? -1 : got;
  }

  @Override
  public void write(DiskFile file, byte[] from, int offset, int length) {
    Scratch s = Scratch.get();
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, Scratch.BUFFER_BYTES);
      MemorySegment.copy(from, offset + done, s.buffer, JAVA_BYTE, 0, part);
      long n = Syscalls.call(Call.WRITE, fd(file), s.buffer.address(), part, 0, 0);
      done += checked(n, "write", file::where);
    }
  }

  @Override
  public void seek(DiskFile file, long position) {
    checked(Syscalls.call(Call.LSEEK, fd(file), position, 0, 0, 0), "seek", file::where);
  }

  @Override
  public void truncate(DiskFile file, long size) {
    checked(Syscalls.call(Call.FTRUNCATE, fd(file), size, 0, 0, 0), "truncate", file::where);
  }

  @Override
  public void copy(DiskFile from, DiskFile to) {
    FileStat source = stat(from);
    Syscalls.call(Call.LSEEK, fd(from), 0, SEEK_SET, 0, 0);
    if (source.allocated() < source.size() && copyData(from, to)) {
      return;
    }
    long copied = copyRange(from, to, Long.MAX_VALUE);
    if (copied == 0 || copied < source.size()) {
      // Some file systems report no bytes for files that have some: read what is left.
      copyByHand(from, to, Long.MAX_VALUE);
    }
  }

  /** Copies all but the holes, each where it was; false if it is not known where holes are. */
  private boolean copyData(DiskFile from, DiskFile to) {
    long base = checkedLong(Syscalls.call(Call.LSEEK, fd(to), 0, SEEK_CUR, 0, 0), "seek", to);
    long at = 0;
    while (true) {
      long data = Syscalls.call(Call.LSEEK, fd(from), at, SEEK_DATA, 0, 0);
      if (data == -ENXIO) {
        break;
      }
      if (data < 0 && at == 0) {
        Syscalls.call(Call.LSEEK, fd(from), 0, SEEK_SET, 0, 0);
        return false;
      }
      checkedLong(data, "seek", from);
      at = checkedLong(Syscalls.call(Call.LSEEK, fd(from), data, SEEK_HOLE, 0, 0), "seek", from);
      seek(from, data);
      seek(to, base + data);
      long copied = copyRange(from, to, at - data);
      if (copied < at - data) {
        copyByHand(from, to, at - data - copied);
      }
    }
    long end = checkedLong(Syscalls.call(Call.LSEEK, fd(from), 0, SEEK_END, 0, 0), "seek", from);
    if (end > at) {
      truncate(to, base + end);
    }
    seek(to, base + Math.max(end, at));
    return true;
  }

  /** Copies at most {@code length} bytes from one position to the other; says how many. */
  private static long copyRange(DiskFile from, DiskFile to, long length) {
    long copied = 0;
    while (copied < length) {
      long n =
          Syscalls.call(
              Call.COPY_FILE_RANGE, fd(from), 0, fd(to), 0, Math.min(length - copied, 1L << 30));
      if (n == 0) {
        break;
      }
      if (n < 0) {
        Errno errno = Errno.of((int) -n);
        if (COPIED_BY_HAND.contains(errno)) {
          return copied;
        }
        throw new DiskException(errno, "copy", to.where());
      }
      copied += n;
    }
    return copied;
  }

  private void copyByHand(DiskFile from, DiskFile to, long length) {
    byte[] buffer = new byte[Scratch.BUFFER_BYTES];
    long left = length;
    while (left > 0) {
      int n = read(from, buffer, 0, (int) Math.min(buffer.length, left));
      if (n <= 0) {
        return;
      }
      write(to, buffer, 0, n);
      left -= n;
    }
  }

  private static long checkedLong(long result, String call, DiskFile file) {
    if (result < 0) {
      throw new DiskException(Errno.of((int) -result), call, file.where());
    }
    return result;
  }

  @Override
  public void allocate(DiskFile file, long size) {
    if (size > 0) {
      long keepSize = 1;
      checked(
          Syscalls.call(Call.FALLOCATE, fd(file), keepSize, 0, size, 0), "allocate", file::where);
    }
  }

  @Override
  public void fsync(DiskFile file) {
    checked(Syscalls.call(Call.FSYNC, fd(file), 0, 0, 0, 0), "fsync", file::where);
  }

  @Override
  public void fdatasync(DiskFile file) {
    checked(Syscalls.call(Call.FDATASYNC, fd(file), 0, 0, 0, 0), "fdatasync", file::where);
  }

  @Override
  public void fsync(Dir dir) {
    checked(Syscalls.call(Call.FSYNC, fd(dir), 0, 0, 0, 0), "fsync", dir::where);
  }

  @Override
  public void syncfs(Dir dir) {
    checked(Syscalls.call(Call.SYNCFS, fd(dir), 0, 0, 0, 0), "syncfs", dir::where);
  }

  // ---- entries

  @Override
  public void mkdir(Dir dir, Bytes name, int mode) {
    one(Call.MKDIRAT, dir, name, 0700, "mkdir");
    // In a group's directory the kernel adds the setgid bit.
    if (mode != 0700 || stat(dir, name).filter(s -> s.mode() != mode).isPresent()) {
      chmod(dir, name, mode);
    }
  }

  @Override
  public void unlink(Dir dir, Bytes name) {
    one(Call.UNLINKAT, dir, name, 0, "unlink");
  }

  @Override
  public void rmdir(Dir dir, Bytes name) {
    one(Call.UNLINKAT, dir, name, AT_REMOVEDIR, "rmdir");
  }

  private static void one(Call call, Dir dir, Bytes name, long argument, String shown) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    putName(s.first, name, where);
    checked(Syscalls.call(call, fd(dir), s.first.address(), argument, 0, 0), shown, where);
  }

  @Override
  public void rename(Dir from, Bytes name, Dir to, Bytes newName, RenameMode mode) {
    Scratch s = Scratch.get();
    Where where = where(to, newName);
    putName(s.first, name, where(from, name));
    putName(s.second, newName, where);
    long flags =
        switch (mode) {
          case REPLACE -> 0;
          case NOREPLACE -> 1;
          case EXCHANGE -> 2;
        };
    checked(
        Syscalls.call(
            Call.RENAMEAT2, fd(from), s.first.address(), fd(to), s.second.address(), flags),
        "rename",
        () -> where(from, name).text() + " to " + where.text());
  }

  @Override
  public void link(Dir from, Bytes name, Dir to, Bytes newName) {
    Scratch s = Scratch.get();
    putName(s.first, name, where(from, name));
    putName(s.second, newName, where(to, newName));
    checked(
        Syscalls.call(Call.LINKAT, fd(from), s.first.address(), fd(to), s.second.address(), 0),
        "link",
        where(to, newName));
  }

  @Override
  public void symlink(Dir dir, Bytes name, Bytes target) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    put(s.first, target.toArray(), where);
    putName(s.second, name, where);
    checked(
        Syscalls.call(Call.SYMLINKAT, s.first.address(), fd(dir), s.second.address(), 0, 0),
        "symlink",
        where);
  }

  @Override
  public Bytes readlink(Dir dir, Bytes name) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    putName(s.first, name, where);
    int n =
        checked(
            Syscalls.call(
                Call.READLINKAT,
                fd(dir),
                s.first.address(),
                s.buffer.address(),
                Scratch.NAME_BYTES,
                0),
            "readlink",
            where);
    return Bytes.of(s.buffer.asSlice(0, n).toArray(JAVA_BYTE));
  }

  @Override
  public void whiteout(Dir dir, Bytes name) {
    one(Call.MKNODAT, dir, name, 0020000, "mknod");
  }

  // ---- metadata

  @Override
  public void chmod(Dir dir, Bytes name, int mode) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    putName(s.first, name, where);
    long result =
        Syscalls.call(Call.FCHMODAT2, fd(dir), s.first.address(), mode, AT_SYMLINK_NOFOLLOW, 0);
    if (result == -ENOSYS) {
      chmodByDescriptor(dir, name, mode, where);
      return;
    }
    checked(result, "chmod", where);
  }

  /** For kernels without fchmodat2: a descriptor of the entry itself, which is not a link. */
  private void chmodByDescriptor(Dir dir, Bytes name, int mode, Where where) {
    try (DiskFile entry = openName(dir, name, O_PATH, 0, "chmod")) {
      if (stat(entry).kind() == FileKind.SYMLINK) {
        throw new DiskException(Errno.EOPNOTSUPP, "chmod", where.text());
      }
      chmodPath(procPath(fd(entry)), mode, where);
    }
  }

  private static void chmodPath(byte[] path, int mode, Where where) {
    Scratch s = Scratch.get();
    put(s.first, path, where);
    checked(Syscalls.call(Call.FCHMODAT, AT_FDCWD, s.first.address(), mode, 0, 0), "chmod", where);
  }

  @Override
  public void chown(Dir dir, Bytes name, int uid, int gid) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    putName(s.first, name, where);
    checked(
        Syscalls.call(Call.FCHOWNAT, fd(dir), s.first.address(), uid, gid, AT_SYMLINK_NOFOLLOW),
        "chown",
        where);
  }

  @Override
  public void setModified(Dir dir, Bytes name, long nanos) {
    Scratch s = Scratch.get();
    Where where = where(dir, name);
    putName(s.first, name, where);
    long utimeOmit = 0x3ffffffeL;
    s.struct.set(JAVA_LONG_UNALIGNED, 0, 0);
    s.struct.set(JAVA_LONG_UNALIGNED, 8, utimeOmit);
    s.struct.set(JAVA_LONG_UNALIGNED, 16, Math.floorDiv(nanos, 1_000_000_000L));
    s.struct.set(JAVA_LONG_UNALIGNED, 24, Math.floorMod(nanos, 1_000_000_000L));
    checked(
        Syscalls.call(
            Call.UTIMENSAT, fd(dir), s.first.address(), s.struct.address(), AT_SYMLINK_NOFOLLOW, 0),
        "utimens",
        where);
  }

  @Override
  public List<Bytes> xattrs(Dir dir, Bytes name) {
    Scratch s = Scratch.get();
    putProcName(s.first, dir, name);
    int n =
        checked(
            Syscalls.call(
                Call.LLISTXATTR, s.first.address(), s.buffer.address(), Scratch.BUFFER_BYTES, 0, 0),
            "listxattr",
            where(dir, name));
    List<Bytes> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < n; i++) {
      if (s.buffer.get(JAVA_BYTE, i) == 0) {
        names.add(Bytes.of(s.buffer.asSlice(start, i - start).toArray(JAVA_BYTE)));
        start = i + 1;
      }
    }
    return names;
  }

  @Override
  public Bytes xattr(Dir dir, Bytes name, Bytes attribute) {
    Scratch s = Scratch.get();
    putProcName(s.first, dir, name);
    put(s.second, attribute.toArray(), where(dir, name));
    int n =
        checked(
            Syscalls.call(
                Call.LGETXATTR,
                s.first.address(),
                s.second.address(),
                s.buffer.address(),
                Scratch.BUFFER_BYTES,
                0),
            "getxattr",
            where(dir, name));
    return Bytes.of(s.buffer.asSlice(0, n).toArray(JAVA_BYTE));
  }

  @Override
  public void setXattr(Dir dir, Bytes name, Bytes attribute, Bytes value) {
    Scratch s = Scratch.get();
    putProcName(s.first, dir, name);
    put(s.second, attribute.toArray(), where(dir, name));
    MemorySegment.copy(value.toArray(), 0, s.buffer, JAVA_BYTE, 0, value.length());
    checked(
        Syscalls.call(
            Call.LSETXATTR,
            s.first.address(),
            s.second.address(),
            s.buffer.address(),
            value.length(),
            0),
        "setxattr",
        where(dir, name));
  }

  @Override
  public void removeXattr(Dir dir, Bytes name, Bytes attribute) {
    Scratch s = Scratch.get();
    putProcName(s.first, dir, name);
    put(s.second, attribute.toArray(), where(dir, name));
    checked(
        Syscalls.call(Call.LREMOVEXATTR, s.first.address(), s.second.address(), 0, 0, 0),
        "removexattr",
        where(dir, name));
  }

  @Override
  public boolean tryLock(DiskFile file) {
    return tryLock(fd(file), file::where);
  }

  @Override
  public Optional<LockHolder> lockHolder(DiskFile file) {
    return LockHolder.of(stat(file));
  }

  @Override
  public boolean tryLock(Dir dir) {
    return tryLock(fd(dir), dir::where);
  }

  private static boolean tryLock(int fd, Where where) {
    int exclusiveNow = 2 | 4;
    long result = Syscalls.call(Call.FLOCK, fd, exclusiveNow, 0, 0, 0);
    if (result == -Errno.EAGAIN.number()) {
      return false;
    }
    checked(result, "flock", where);
    return true;
  }

  // ---- arguments and results

  private static int fd(Dir dir) {
    return ((Handle) dir).fd();
  }

  private static int fd(DiskFile file) {
    return ((Handle) file).fd();
  }

  private static Where where(Dir dir, Bytes name) {
    return () -> dir.where() + "/" + name;
  }

  /** A name is one component: a slash in it would leave the directory. */
  private static void putName(MemorySegment to, Bytes name, Where where) {
    byte[] bytes = name.toArray();
    boolean dots = bytes.length > 0 && bytes.length <= 2 && bytes[0] == '.';
    if (bytes.length == 0 || (dots && bytes[bytes.length - 1] == '.')) {
      throw new DiskException(Errno.EINVAL, "name", where.text());
    }
    for (byte b : bytes) {
      if (b == '/') {
        throw new DiskException(Errno.EINVAL, "name", where.text());
      }
    }
    put(to, bytes, where);
  }

  private static void put(MemorySegment to, byte[] bytes, Where where) {
    if (bytes.length >= Scratch.NAME_BYTES) {
      throw new DiskException(Errno.ENAMETOOLONG, "name", where.text());
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw new DiskException(Errno.EINVAL, "name", where.text());
      }
    }
    MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 0, bytes.length);
    to.set(JAVA_BYTE, bytes.length, (byte) 0);
  }

  @Override
  public Optional<Path> byDescriptor(Dir dir) {
    return Optional.of(Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + fd(dir)));
  }

  private static byte[] procPath(int fd) {
    return ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII);
  }

  /** There is no xattr call on descriptors of directories and a name: go through /proc. */
  private static void putProcName(MemorySegment to, Dir dir, Bytes name) {
    Where where = where(dir, name);
    putName(to, name, where);
    byte[] prefix =
        (new String(procPath(fd(dir)), StandardCharsets.US_ASCII) + "/")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] path = java.util.Arrays.copyOf(prefix, prefix.length + name.length());
    System.arraycopy(name.toArray(), 0, path, prefix.length, name.length());
    put(to, path, where);
  }

  private static int checked(long result, String call, Where where) {
    if (result < 0) {
      throw new DiskException(Errno.of((int) -result), call, where.text());
    }
    return (int) Math.min(result, Integer.MAX_VALUE);
  }
}
