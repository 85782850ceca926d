package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.store.ProcessUser;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.Stamp;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Displaced files, kept for a day: whoever opened one before the swap may write to it much later,
 * and what was written is kept. Where the state directory is on the workspace's file system the
 * staging directory is moved there by one rename, {@code displaced/TX-n.<seconds>}; elsewhere it
 * stays in the workspace, where git does not show it, and an empty file of that name says so.
 *
 * <p>Recovery needs none of it: whoever removes it loses only bytes that were written late.
 */
final class Displaced {
  /** At least as long as this; then a command looks a last time and removes them. */
  static final Duration KEPT = Duration.ofHours(24);

  private static final Duration SWEPT = Duration.ofHours(1);

  private static final Bytes DIRECTORY = Bytes.utf8(StoreLayout.DISPLACED);
  private static final Bytes IGNORE = Bytes.utf8(".gitignore");
  private static final Pattern NAME = Pattern.compile("(TX-[1-9][0-9]{0,9})\\.([0-9]{1,12})");

  private final Disk disk;
  private final ObjectStore objects;
  private final WorkspaceDir workspace;
  private final Journal journal;

  Displaced(Disk disk, ObjectStore objects, WorkspaceDir workspace, Journal journal) {
    this.disk = disk;
    this.objects = objects;
    this.workspace = workspace;
    this.journal = journal;
  }

  /**
   * @param ours false if another person promoted, in a shared state directory: the files may be
   *     private, and whoever promoted looks at them
   */
  private record Kept(Bytes name, TransactionId id, Instant since, boolean moved, boolean ours) {}

  /** Takes a staging directory out of the way; it was looked at, and the transaction has ended. */
  void retire(TransactionId id, HostTree tree) {
    Bytes staging = Staging.nameOf(id);
    if (holdsNothing(tree, staging)) {
      disk.rmdir(tree.root(), staging);
      disk.fsync(tree.root()); // no power cut brings it back when the log has forgotten it
      return;
    }
    Bytes kept = Bytes.utf8(id.text() + "." + journal.now().getEpochSecond());
    try (Disk.Dir home = disk.open(workspace.path());
        Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY)) {
      try {
        disk.rename(tree.root(), staging, dir, kept, Disk.RenameMode.NOREPLACE);
      } catch (DiskException e) {
        switch (e.errno()) {
          case EXDEV, EPERM, EACCES -> {
            hide(tree, staging);
            disk.create(dir, kept, Sharing.file(disk, dir)).close();
          }
          default -> throw e; // the next command does it
        }
      }
      disk.fsync(dir);
    }
  }

  /** Directories that waited and were not needed go; one that holds something stays. */
  private boolean holdsNothing(HostTree tree, Bytes staging) {
    try (Disk.Dir dir = tree.below(staging)) {
      boolean nothing = true;
      for (Disk.DirEntry entry : disk.list(dir)) {
        nothing &= kind(dir, entry) == FileKind.DIRECTORY && isRemoved(dir, entry.name());
      }
      return nothing;
    }
  }

  private boolean isRemoved(Disk.Dir dir, Bytes name) {
    try {
      disk.rmdir(dir, name);
      return true;
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOTEMPTY) {
        return false;
      }
      throw e;
    }
  }

  /** Not a word to the user's git: the directory says itself that nothing in it is to be shown. */
  private void hide(HostTree tree, Bytes staging) {
    try (Disk.Dir dir = tree.below(staging)) {
      byte[] all = "*\n".getBytes(StandardCharsets.US_ASCII);
      try (Disk.DiskFile file = disk.create(dir, IGNORE, 0600)) {
        disk.write(file, all, 0, all.length);
      } catch (DiskException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
    }
  }

  /** True if a transaction's displaced files are kept already. */
  boolean holds(TransactionId id) {
    return all().stream().anyMatch(k -> k.id().equals(id));
  }

  /**
   * Looks at what is kept; under the lock. Once in an hour, for what is kept may be much more than
   * what a transaction changes.
   *
   * @param everything true to look at all, and now; what is not old enough stays
   * @return one line for each file that was written to since it was displaced
   */
  List<String> sweep(HostTree tree, boolean everything) {
    List<String> found = new ArrayList<>();
    Instant now = journal.now();
    if (!isDue(now) && !everything) {
      return found;
    }
    for (Kept kept : all()) {
      if (!kept.ours()) {
        continue;
      }
      boolean old = !kept.since().plus(KEPT).isAfter(now);
      if (old || everything) {
        found.addAll(look(kept, tree));
      }
      if (old) {
        remove(kept, tree);
      }
    }
    return found;
  }

  /** Each person looks at their own. */
  private boolean isDue(Instant now) {
    try (Disk.Dir home = disk.open(workspace.path())) {
      return Stamp.isDue(disk, home, "swept-" + ProcessUser.current().uid(), SWEPT, now);
    }
  }

  private List<String> look(Kept kept, HostTree tree) {
    Optional<Disk.Dir> place = open(kept, tree);
    if (place.isEmpty()) {
      return List.of();
    }
    try (Disk.Dir dir = place.get()) {
      Optional<Journal.Transaction> about = journal.find(kept.id());
      List<LateEdits.Late> late =
          new LateEdits(disk, objects, tree, dir, about.map(this::moves).orElse(List.of()))
              .look(journal.reported(kept.id()));
      if (!late.isEmpty()) {
        String context = about.map(Journal.Transaction::context).orElse("");
        journal.late(kept.id(), context, late);
      }
      return late.stream().map(LateEdits.Late::line).toList();
    }
  }

  /**
   * The moves of a transaction that has ended; none if they were collected. Without them every file
   * that is in no object counts as written to: kept rather than lost.
   */
  List<PathMove> moves(Journal.Transaction ended) {
    try {
      return journal.manifest(ended).moves();
    } catch (RunnerException damaged) {
      return List.of();
    }
  }

  private Optional<Disk.Dir> open(Kept kept, HostTree tree) {
    try {
      if (!kept.moved()) {
        return Optional.of(tree.below(Staging.nameOf(kept.id())));
      }
      try (Disk.Dir home = disk.open(workspace.path());
          Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY)) {
        return Optional.of(disk.open(dir, dev.tars.runner.model.RelativePath.of(kept.name())));
      }
    } catch (DiskException e) {
      return switch (e.errno()) {
        case ENOENT, ENOTDIR, ELOOP -> Optional.empty(); // somebody removed it
        default -> throw e;
      };
    }
  }

  private void remove(Kept kept, HostTree tree) {
    try (Disk.Dir home = disk.open(workspace.path());
        Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY)) {
      if (!kept.moved()) {
        Directories.remove(disk, tree.root(), Staging.nameOf(kept.id()));
      }
      Directories.remove(disk, dir, kept.name());
    }
  }

  private List<Kept> all() {
    List<Kept> all = new ArrayList<>();
    ProcessUser us = ProcessUser.current();
    try (Disk.Dir home = disk.open(workspace.path())) {
      if (disk.stat(home, DIRECTORY).isEmpty()) {
        return all;
      }
      try (Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY)) {
        for (Disk.DirEntry entry : disk.list(dir)) {
          Matcher name = NAME.matcher(entry.name().lossyText());
          if (name.matches()) {
            boolean ours =
                us.isRoot()
                    || disk.stat(dir, entry.name()).filter(s -> s.uid() == us.uid()).isPresent();
            all.add(
                new Kept(
                    entry.name(),
                    new TransactionId(name.group(1)),
                    Instant.ofEpochSecond(Long.parseLong(name.group(2))),
                    kind(dir, entry) == FileKind.DIRECTORY,
                    ours));
          }
        }
      }
    }
    return all;
  }

  /** The listing says it, nearly always: one call for all of them, however many are kept. */
  private FileKind kind(Disk.Dir dir, Disk.DirEntry entry) {
    return entry.kind() == FileKind.UNKNOWN
        ? disk.stat(dir, entry.name()).map(FileStat::kind).orElse(FileKind.UNKNOWN)
        : entry.kind();
  }
}
