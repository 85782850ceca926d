package dev.tars.runner.workspace;

import com.github.difflib.patch.AbstractDelta;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A change set as a patch in git's format, which {@code git apply} takes. */
public final class PatchWriter {
  private static final int CONTEXT = 3;
  private static final long MAX_FILE = 512L << 20;

  private final ObjectStore objects;
  private final OutputStream out;

  private PatchWriter(ObjectStore objects, OutputStream out) {
    this.objects = objects;
    this.out = out;
  }

  /** Writes every file and link of a change set; git knows no empty directories. */
  public static void write(ChangeSet changeSet, ObjectStore objects, OutputStream out)
      throws IOException {
    PatchWriter writer = new PatchWriter(objects, out);
    for (Change change : changeSet.changes()) {
      writer.change(change);
    }
    out.flush();
  }

  private void change(Change change) throws IOException {
    Optional<TreeEntry> before = change.before().filter(PatchWriter::inPatch);
    Optional<TreeEntry> after = change.after().filter(PatchWriter::inPatch);
    boolean kindChanges =
        before.isPresent()
            && after.isPresent()
            && before.get() instanceof TreeEntry.Symlink
                != after.get() instanceof TreeEntry.Symlink;
    if (kindChanges) {
      file(change.path().bytes(), before, Optional.empty());
      file(change.path().bytes(), Optional.empty(), after);
    } else if (before.isPresent() || after.isPresent()) {
      file(change.path().bytes(), before, after);
    }
  }

  private static boolean inPatch(TreeEntry entry) {
    return !(entry instanceof TreeEntry.Directory);
  }

  private void file(Bytes path, Optional<TreeEntry> before, Optional<TreeEntry> after)
      throws IOException {
    if (before.isPresent()
        && after.isPresent()
        && gitMode(before.get()).equals(gitMode(after.get()))
        && sameContent(before.get(), after.get())) {
      return; // a mode that git does not know of
    }
    text("diff --git " + name("a/", path) + " " + name("b/", path) + "\n");
    if (before.isEmpty()) {
      text("new file mode " + gitMode(after.orElseThrow()) + "\n");
    } else if (after.isEmpty()) {
      text("deleted file mode " + gitMode(before.get()) + "\n");
    } else if (!gitMode(before.get()).equals(gitMode(after.get()))) {
      text("old mode " + gitMode(before.get()) + "\n");
      text("new mode " + gitMode(after.get()) + "\n");
    }
    if (before.isPresent() && after.isPresent() && sameContent(before.get(), after.get())) {
      return;
    }
    byte[] old = content(before);
    byte[] now = content(after);
    text(
        "index "
            + GitBinary.blobId(old, before.isPresent())
            + ".."
            + GitBinary.blobId(now, after.isPresent())
            + "\n");
    if (TextLines.isBinary(old) || TextLines.isBinary(now)) {
      GitBinary.write(old, now, out);
    } else if (old.length > 0 || now.length > 0) {
      text("--- " + (before.isPresent() ? name("a/", path) : "/dev/null") + "\n");
      text("+++ " + (after.isPresent() ? name("b/", path) : "/dev/null") + "\n");
      hunks(TextLines.split(old), TextLines.split(now));
    }
  }

  private static boolean sameContent(TreeEntry before, TreeEntry after) {
    if (before instanceof TreeEntry.RegularFile b && after instanceof TreeEntry.RegularFile a) {
      return b.content().equals(a.content());
    }
    return before.equals(after);
  }

  private byte[] content(Optional<TreeEntry> entry) {
    if (entry.isEmpty()) {
      return new byte[0];
    }
    return switch (entry.get()) {
      case TreeEntry.RegularFile file -> objects.read(file.content(), MAX_FILE);
      case TreeEntry.Symlink link -> link.target().toArray();
      case TreeEntry.Directory d -> new byte[0];
    };
  }

  private static String gitMode(TreeEntry entry) {
    return switch (entry) {
      case TreeEntry.RegularFile file -> (file.mode() & 0100) != 0 ? "100755" : "100644";
      case TreeEntry.Symlink link -> "120000";
      case TreeEntry.Directory d -> "040000";
    };
  }

  private void hunks(List<Bytes> old, List<Bytes> now) throws IOException {
    List<AbstractDelta<Bytes>> deltas = ChangeStats.diff(old, now).getDeltas();
    List<AbstractDelta<Bytes>> group = new ArrayList<>();
    for (AbstractDelta<Bytes> delta : deltas) {
      if (!group.isEmpty()) {
        AbstractDelta<Bytes> last = group.getLast();
        int end = last.getSource().getPosition() + last.getSource().size();
        if (delta.getSource().getPosition() - end > 2 * CONTEXT) {
          hunk(group, old);
          group.clear();
        }
      }
      group.add(delta);
    }
    if (!group.isEmpty()) {
      hunk(group, old);
    }
  }

  private void hunk(List<AbstractDelta<Bytes>> group, List<Bytes> old) throws IOException {
    AbstractDelta<Bytes> first = group.getFirst();
    AbstractDelta<Bytes> last = group.getLast();
    int before = Math.min(CONTEXT, first.getSource().getPosition());
    int oldStart = first.getSource().getPosition() - before;
    int newStart = first.getTarget().getPosition() - before;
    int oldEnd =
        Math.min(old.size(), last.getSource().getPosition() + last.getSource().size() + CONTEXT);
    int after = oldEnd - last.getSource().getPosition() - last.getSource().size();
    int newEnd = last.getTarget().getPosition() + last.getTarget().size() + after;
    text("@@ -" + range(oldStart, oldEnd) + " +" + range(newStart, newEnd) + " @@\n");
    int at = oldStart;
    List<Bytes> removed = new ArrayList<>();
    List<Bytes> added = new ArrayList<>();
    for (AbstractDelta<Bytes> delta : group) {
      if (at < delta.getSource().getPosition()) {
        changed(removed, added);
      }
      for (; at < delta.getSource().getPosition(); at++) {
        line(' ', old.get(at));
      }
      removed.addAll(delta.getSource().getLines());
      added.addAll(delta.getTarget().getLines());
      at += delta.getSource().size();
    }
    changed(removed, added);
    for (; at < oldEnd; at++) {
      line(' ', old.get(at));
    }
  }

  /** What goes before what comes, also where the diff has them the other way round. */
  private void changed(List<Bytes> removed, List<Bytes> added) throws IOException {
    for (Bytes text : removed) {
      line('-', text);
    }
    for (Bytes text : added) {
      line('+', text);
    }
    removed.clear();
    added.clear();
  }

  private static String range(int start, int end) {
    int count = end - start;
    int first = count == 0 ? start : start + 1;
    return count == 1 ? Integer.toString(first) : first + "," + count;
  }

  private void line(char sign, Bytes line) throws IOException {
    out.write(sign);
    out.write(line.toArray());
    if (line.length() == 0 || line.at(line.length() - 1) != '\n') {
      text("\n\\ No newline at end of file\n");
    }
  }

  /** A name as git writes it: in C quotes where it holds anything unusual. */
  private static String name(String prefix, Bytes path) {
    StringBuilder quoted = new StringBuilder(prefix);
    boolean needed = false;
    for (int i = 0; i < path.length(); i++) {
      int b = path.at(i) & 0xff;
      switch (b) {
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        default -> {
          if (b < 0x20 || b >= 0x7f) {
            quoted.append("\\%03o".formatted(b));
          } else {
            quoted.append((char) b);
            continue;
          }
        }
      }
      needed = true;
    }
    return needed ? '"' + quoted.toString() + '"' : quoted.toString();
  }

  private void text(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
