package dev.tars.runner.store;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/**
 * Linux system calls by number, through the C library's {@code syscall}. One native binding serves
 * them all, which keeps the start-up of a short command short.
 */
final class Syscalls {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = link();
  private static final int EINTR = 4;

  private Syscalls() {}

  /** Numbers of the calls on the processors we know. */
  enum Call {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    IOCTL(16, 29),
    FLOCK(73, 32),
    FSYNC(74, 82),
    FDATASYNC(75, 83),
    FTRUNCATE(77, 46),
    FSTATFS(138, 44),
    LSETXATTR(189, 6),
    LGETXATTR(192, 9),
    LLISTXATTR(195, 12),
    LREMOVEXATTR(198, 15),
    GETDENTS64(217, 61),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    UTIMENSAT(280, 88),
    FALLOCATE(285, 47),
    SYNCFS(306, 267),
    RENAMEAT2(316, 276),
    COPY_FILE_RANGE(326, 285),
    STATX(332, 291),
    OPENAT2(437, 437),
    FCHMODAT2(452, 452);

    private static final boolean ARM =
        System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).equals("aarch64");

    private final int x86;
    private final int arm;

    Call(int x86, int arm) {
      this.x86 = x86;
      this.arm = arm;
    }

    long number() {
      return ARM ? arm : x86;
    }
  }

  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
        Linker.Option.captureCallState("errno"));
  }

  /** The result, or the negative error number. Interrupted calls are made again. */
  static long call(Call call, long a, long b, long c, long d, long e) {
    MemorySegment state = Scratch.get().state;
    while (true) {
      long result;
      try {
        result = (long) SYSCALL.invokeExact(state, call.number(), a, b, c, d, e, 0L);
      } catch (Throwable t) {
        throw new IllegalStateException("a native call cannot throw", t);
      }
      if (result != -1) {
        return result;
      }
      int errno = (int) ERRNO.get(state, 0L);
      // A signal before anything happened; fsync and close are never repeated.
      if (errno != EINTR
          || call == Call.CLOSE
          || call == Call.FSYNC
          || call == Call.FDATASYNC
          || call == Call.SYNCFS) {
        return -errno;
      }
    }
  }

  /** Memory for the arguments of one call, one set a thread. */
  static final class Scratch {
    static final int NAME_BYTES = 1 << 13;
    static final int BUFFER_BYTES = 1 << 17;
    private static final ThreadLocal<Scratch> CURRENT = ThreadLocal.withInitial(Scratch::new);

    final MemorySegment state;
    final MemorySegment first;
    final MemorySegment second;
    final MemorySegment struct;
    final MemorySegment buffer;

    private Scratch() {
      Arena arena = Arena.ofAuto();
      state = arena.allocate(STATE);
      first = arena.allocate(NAME_BYTES);
      second = arena.allocate(NAME_BYTES);
      struct = arena.allocate(512, 16);
      buffer = arena.allocate(BUFFER_BYTES, 16);
    }

    static Scratch get() {
      return CURRENT.get();
    }
  }
}
