package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whoever had a file open during the swap may still write to it, and the bytes land in the
 * displaced file. After a grace period it is hashed once more; what is new is kept and reported.
 */
final class LateEdits {
  private final Disk disk;
  private final ObjectStore objects;
  private final HostTree tree;
  private final Staging staging;
  private final List<PathMove> moves;

  LateEdits(Disk disk, ObjectStore objects, HostTree tree, Staging staging, List<PathMove> moves) {
    this.disk = disk;
    this.objects = objects;
    this.tree = tree;
    this.staging = staging;
    this.moves = moves;
  }

  /** One line for each path that was written to late, with the object that holds the bytes. */
  List<String> after(Duration grace) {
    try {
      Thread.sleep(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // committed already: look now
    }
    List<String> late = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      PathMove move = moves.get(i);
      for (Bytes name : List.of(Staging.waiting(i), Staging.displaced(i), Staging.aside(i))) {
        Optional<TreeEntry> now = tree.entry(staging.dir(), name);
        if (now.orElse(null) instanceof TreeEntry.RegularFile
            && !now.equals(move.from())
            && !now.equals(move.to())) {
          late.add(keep(move, name));
        }
      }
    }
    return late;
  }

  private String keep(PathMove move, Bytes name) {
    try (Disk.DiskFile file = disk.open(staging.dir(), name, Disk.OpenMode.READ)) {
      Digest digest = objects.put(file, Long.MAX_VALUE);
      objects.sync(List.of(digest));
      return move.path() + " was written to late; the bytes are kept as object " + digest.hex();
    }
  }
}
