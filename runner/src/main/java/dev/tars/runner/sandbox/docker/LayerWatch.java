package dev.tars.runner.sandbox.docker;

import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.FsStat;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Watches how far layers grow while a container writes to them. The file system's own figures are
 * cheap and tell when to count; only a count decides, but for the host's floor of free space.
 */
final class LayerWatch {
  /** Free space that a run never takes from the host. */
  static final long FLOOR_BYTES = 512L << 20;

  static final long FLOOR_INODES = 10_000;

  /** What a loop writes while it is noticed and killed: 0.9 GiB and 21,000 files in a second. */
  private static final long MARGIN_BYTES = 512L << 20;

  private static final long MARGIN_INODES = 10_000;

  /** No build nests deeper; it also bounds what a count takes of stack and file handles. */
  private static final int MAX_DEPTH = 300;

  /** What others on the same file system may write meanwhile, without a run being taken for it. */
  private static final long OTHERS_BYTES = 8L << 30;

  private static final long COUNT_EVERY_NANOS = 1_000_000_000L;

  private final Disk disk;
  private final List<LayerMount> layers;
  private final ResourceLimits limits;
  private final LongSupplier deleted;
  private final FsStat before;
  private long lastCount;

  /**
   * @param deleted bytes of files that no directory names and a process still holds; asked only
   *     when more space is gone than the directories account for
   */
  LayerWatch(Disk disk, List<LayerMount> layers, ResourceLimits limits, LongSupplier deleted) {
    this.disk = disk;
    this.layers = List.copyOf(layers);
    this.limits = limits;
    this.deleted = deleted;
    this.before = free();
    this.lastCount = System.nanoTime();
  }

  /** A sentence if a limit is crossed now. */
  Optional<String> crossed() {
    FsStat now = free();
    if (now.freeBytes() < FLOOR_BYTES + MARGIN_BYTES
        || now.freeInodes() < FLOOR_INODES + MARGIN_INODES) {
      return Optional.of("the host is short of disk space; what is left is not for a run");
    }
    long bytes = before.freeBytes() - now.freeBytes();
    long inodes = before.freeInodes() - now.freeInodes();
    boolean near = bytes > limits.disk().bytes() / 2 || inodes > limits.inodes() / 2;
    boolean due = System.nanoTime() - lastCount > COUNT_EVERY_NANOS;
    if (!near && !due) {
      return Optional.empty();
    }
    if (bytes > 2 * limits.disk().bytes() + OTHERS_BYTES) {
      // A descriptor that is under way between two processes is nobody's: its file is not seen.
      return Optional.of(
          "the disk shrank by " + bytes + " bytes, far past the limit of " + limits.disk());
    }
    return count(bytes > limits.disk().bytes() ? deleted.getAsLong() : 0);
  }

  /** Counts exactly, once the container is dead. */
  Optional<String> atTheEnd() {
    return count(0);
  }

  private Optional<String> count(long hidden) {
    Total total = new Total();
    total.bytes = hidden;
    for (LayerMount layer : layers) {
      try (Disk.Dir upper = disk.open(layer.upper())) {
        add(upper, 0, total);
      }
    }
    lastCount = System.nanoTime();
    if (total.tooDeep) {
      return Optional.of("made directories more than " + MAX_DEPTH + " deep");
    }
    if (total.bytes > limits.disk().bytes()) {
      return Optional.of("wrote more than the disk limit of " + limits.disk());
    }
    if (total.full) {
      return Optional.of("wrote a file as large as the disk limit of " + limits.disk());
    }
    if (total.entries > limits.inodes()) {
      return Optional.of("made more than " + limits.inodes() + " files and directories");
    }
    return Optional.empty();
  }

  private final class Total {
    long bytes;
    long entries;
    boolean full;
    boolean tooDeep;
    final Set<Long> linked = new HashSet<>();

    /** A file with several names takes its space once. */
    void add(FileStat stat) {
      if (stat.links() < 2 || stat.kind() == FileKind.DIRECTORY || linked.add(stat.inode())) {
        bytes += stat.allocated();
      }
      // The kernel ends a write there: whatever the command made of the error, it met the limit.
      full |= stat.kind() == FileKind.REGULAR && stat.size() == limits.disk().bytes();
    }
  }

  private void add(Disk.Dir dir, int depth, Total total) {
    if (depth > MAX_DEPTH) {
      total.tooDeep = true;
      return;
    }
    for (Disk.DirEntry entry : disk.list(dir)) {
      if (++total.entries > limits.inodes()) {
        return;
      }
      try {
        Optional<FileStat> stat = disk.stat(dir, entry.name());
        stat.ifPresent(total::add);
        if (stat.isPresent() && stat.get().kind() == FileKind.DIRECTORY) {
          try (Disk.Dir below =
              disk.open(dir, dev.tars.runner.model.RelativePath.of(entry.name()))) {
            add(below, depth + 1, total);
          }
        }
      } catch (DiskException e) {
        // It went away, or is closed to us, while the container works: the next count sees it.
        switch (e.errno()) {
          case ENOENT, ENOTDIR, ELOOP, EACCES -> {}
          default -> throw e;
        }
      }
    }
  }

  private FsStat free() {
    try (Disk.Dir dir = disk.open(layers.getFirst().upper())) {
      return disk.statfs(dir);
    }
  }
}
