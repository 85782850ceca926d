package dev.tars.runner.retention;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What parts of the state directory take on the disk, in bytes; a file with two names once. */
final class StoreUsage {
  private static final List<String> COUNTED =
      List.of("trees", "contexts", "workspaces", "derived", "caches");

  private final Disk disk;
  private final Path root;

  StoreUsage(StoreLayout layout) {
    this.disk = layout.disk();
    this.root = layout.root();
  }

  /** Everything but the objects. */
  long ofTheRest() {
    Set<Long> seen = new HashSet<>();
    return COUNTED.stream().mapToLong(name -> of(root.resolve(name), seen)).sum();
  }

  /** One directory; files that have another name elsewhere are not freed with it. */
  long of(Path directory) {
    return of(directory, new HashSet<>());
  }

  private long of(Path directory, Set<Long> seen) {
    try (Disk.Dir dir = disk.open(directory)) {
      return of(dir, seen);
    } catch (DiskException gone) {
      return 0;
    }
  }

  private long of(Disk.Dir dir, Set<Long> seen) {
    long bytes = 0;
    for (Disk.DirEntry entry : disk.list(dir)) {
      FileStat stat = disk.stat(dir, entry.name()).orElse(null);
      if (stat == null
          || (stat.links() > 1 && stat.kind() == FileKind.REGULAR && !seen.add(stat.inode()))) {
        continue;
      }
      bytes += stat.allocated();
      if (stat.kind() == FileKind.DIRECTORY) {
        bytes += below(dir, entry.name(), seen);
      }
    }
    return bytes;
  }

  private long below(Disk.Dir dir, Bytes name, Set<Long> seen) {
    try (Disk.Dir below = disk.open(dir, RelativePath.of(name))) {
      return of(below, seen);
    } catch (DiskException unreadable) {
      return 0; // an overlay's work directory belongs to another user
    }
  }
}
