package dev.tars.runner.workspace;

import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import java.util.Optional;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.RawText;

/** How large a change set is. Binary files count no lines. */
public record ChangeStats(int files, int linesAdded, int linesRemoved, long bytes) {

  /** Counts over all changes; a count that is too large for an int is the largest. */
  public static ChangeStats of(ChangeSet changeSet, ObjectStore objects) {
    long added = 0;
    long removed = 0;
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
    return new ChangeStats(files, clamped(added), clamped(removed), bytes);
  }

  private static int clamped(long count) {
    return (int) Math.min(Integer.MAX_VALUE, count);
  }

  /**
   * The lines of one change; of a text that is too long to be compared all count as changed.
   *
   * @param text false if one side is no text; then no line counts
   */
  public record Lines(@PublicApi boolean text, @PublicApi int added, @PublicApi int removed) {

    public static Lines of(Change change, ObjectStore objects) {
      Optional<TreeEntry> before = change.before().filter(Lines::hasLines);
      Optional<TreeEntry> after = change.after().filter(Lines::hasLines);
      Optional<RawText> old = Texts.of(before, objects);
      Optional<RawText> now = Texts.of(after, objects);
      if (old.isEmpty() || now.isEmpty()) {
        return all(Texts.lines(before, objects), Texts.lines(after, objects));
      }
      int added = 0;
      int removed = 0;
      for (Edit edit : TextDiff.between(old.get(), now.get())) {
        added += edit.getLengthB();
        removed += edit.getLengthA();
      }
      return new Lines(true, added, removed);
    }

    private static Lines all(Optional<Integer> before, Optional<Integer> after) {
      return before.isEmpty() || after.isEmpty()
          ? new Lines(false, 0, 0)
          : new Lines(true, after.get(), before.get());
    }

    /** A link has a target, no lines. */
    private static boolean hasLines(TreeEntry entry) {
      return entry instanceof TreeEntry.RegularFile;
    }
  }
}
