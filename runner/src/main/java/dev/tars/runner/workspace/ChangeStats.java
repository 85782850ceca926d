package dev.tars.runner.workspace;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Patch;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import java.util.List;
import java.util.Optional;

/** How large a change set is. Binary files count no lines. */
public record ChangeStats(int files, int linesAdded, int linesRemoved, long bytes) {
  private static final long MAX_TEXT = 8L << 20;

  /** Counts over all changes; a text past 8 MiB counts all its lines as changed. */
  public static ChangeStats of(ChangeSet changeSet, ObjectStore objects) {
    int added = 0;
    int removed = 0;
    long bytes = 0;
    int files = 0;
    for (Change change : changeSet.changes()) {
      boolean isDirectory =
          change
              .after()
              .or(change::before)
              .filter(TreeEntry.Directory.class::isInstance)
              .isPresent();
      files += isDirectory ? 0 : 1;
      bytes += change.after().orElse(null) instanceof TreeEntry.RegularFile f ? f.size() : 0;
      Lines lines = Lines.of(change, objects);
      added += lines.added();
      removed += lines.removed();
    }
    return new ChangeStats(files, added, removed, bytes);
  }

  /**
   * The lines of one change.
   *
   * @param text false if one side is no text, or too long to be looked at; then no line counts
   */
  public record Lines(boolean text, int added, int removed) {

    public static Lines of(Change change, ObjectStore objects) {
      Optional<List<Bytes>> before = lines(change.before(), objects);
      Optional<List<Bytes>> after = lines(change.after(), objects);
      if (before.isEmpty() || after.isEmpty()) {
        return new Lines(false, 0, 0);
      }
      int added = 0;
      int removed = 0;
      for (AbstractDelta<Bytes> delta : diff(before.get(), after.get()).getDeltas()) {
        added += delta.getTarget().size();
        removed += delta.getSource().size();
      }
      return new Lines(true, added, removed);
    }
  }

  /** The line diff of two texts. */
  static Patch<Bytes> diff(List<Bytes> before, List<Bytes> after) {
    return DiffUtils.diff(before, after, new MyersDiffWithLinearSpace<>());
  }

  /** The lines of a text, each with its end; empty for something that is not text. */
  static Optional<List<Bytes>> lines(Optional<TreeEntry> entry, ObjectStore objects) {
    if (entry.isEmpty()) {
      return Optional.of(List.of());
    }
    if (!(entry.get() instanceof TreeEntry.RegularFile file) || file.size() > MAX_TEXT) {
      return Optional.empty();
    }
    byte[] content = objects.read(file.content(), MAX_TEXT);
    return TextLines.isBinary(content) ? Optional.empty() : Optional.of(TextLines.split(content));
  }
}
