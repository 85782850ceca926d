package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whoever had a file open during the swap may still write to it, and the bytes land in the
 * displaced file. It is hashed once more; what is new is kept and reported.
 */
final class LateEdits {
  private static final Pattern STAGED = Pattern.compile("[nox][0-9]{1,9}");

  private final Disk disk;
  private final ObjectStore objects;
  private final HostTree tree;
  private final Disk.Dir dir;
  private final List<PathMove> moves;

  /**
   * For one directory of displaced files.
   *
   * @param moves of the transaction; a file that is of none of them is compared with the store
   */
  LateEdits(Disk disk, ObjectStore objects, HostTree tree, Disk.Dir dir, List<PathMove> moves) {
    this.disk = disk;
    this.objects = objects;
    this.tree = tree;
    this.dir = dir;
    this.moves = moves;
  }

  /** Bytes that somebody wrote to a displaced file, and the object that keeps them. */
  record Late(String path, Digest object) {
    String line() {
      return path + " was written to late; the bytes are kept as object " + object.hex();
    }
  }

  /** Looks after a while, at once if that is over. */
  List<Late> after(Duration grace) {
    try {
      Thread.sleep(grace); // not at all if it is negative
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // committed already: look now
    }
    return look();
  }

  List<Late> look() {
    return look(Set.of());
  }

  /** Looks now; what was reported before is not found again. */
  List<Late> look(Set<Digest> reported) {
    List<Late> late = new ArrayList<>();
    for (Disk.DirEntry entry : disk.list(dir)) {
      String name = entry.name().lossyText();
      if (!STAGED.matcher(name).matches()) {
        continue;
      }
      int number = Integer.parseInt(name.substring(1));
      boolean known = number < moves.size();
      var now = tree.entry(dir, entry.name());
      if (now.orElse(null) instanceof TreeEntry.RegularFile file
          && !(known && now.equals(moves.get(number).from()))
          && !(known && now.equals(moves.get(number).to()))
          && !reported.contains(file.content())
          && (known || !objects.has(file.content()))) {
        String path = known ? moves.get(number).path().toString() : name;
        late.add(new Late(path, keep(entry.name())));
      }
    }
    return late;
  }

  private Digest keep(Bytes name) {
    try (Disk.DiskFile file = disk.open(dir, name, Disk.OpenMode.READ)) {
      Digest digest = objects.put(file, Long.MAX_VALUE);
      objects.sync(List.of(digest));
      return digest;
    }
  }
}
