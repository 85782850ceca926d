package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.RawText;

/** A change set as a patch in git's format, which {@code git apply} takes. */
public final class PatchWriter {
  private static final int CONTEXT = 3;
  private static final String NO_END = "\n\\ No newline at end of file\n";

  private final ObjectStore objects;
  private final GitBinary binary;
  private final OutputStream out;

  private PatchWriter(ObjectStore objects, OutputStream out) {
    this.objects = objects;
    this.binary = new GitBinary(objects);
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
    text("index " + binary.blobId(before) + ".." + binary.blobId(after) + "\n");
    Optional<RawText> old = Texts.of(before, objects);
    Optional<RawText> now = Texts.of(after, objects);
    if (old.isEmpty() || now.isEmpty()) {
      binary.write(before, after, out);
    } else if (old.get().size() > 0 || now.get().size() > 0) {
      text("--- " + (before.isPresent() ? name("a/", path) : "/dev/null") + "\n");
      text("+++ " + (after.isPresent() ? name("b/", path) : "/dev/null") + "\n");
      hunks(old.get(), now.get());
    }
  }

  private static boolean sameContent(TreeEntry before, TreeEntry after) {
    if (before instanceof TreeEntry.RegularFile b && after instanceof TreeEntry.RegularFile a) {
      return b.content().equals(a.content());
    }
    return before.equals(after);
  }

  private static String gitMode(TreeEntry entry) {
    return switch (entry) {
      case TreeEntry.RegularFile file -> (file.mode() & 0100) != 0 ? "100755" : "100644";
      case TreeEntry.Symlink link -> "120000";
      case TreeEntry.Directory d -> "040000";
    };
  }

  /** Edits with few lines between them share a hunk. */
  private void hunks(RawText old, RawText now) throws IOException {
    List<Edit> group = new ArrayList<>();
    for (Edit edit : TextDiff.between(old, now)) {
      if (!group.isEmpty() && edit.getBeginA() - group.getLast().getEndA() > 2 * CONTEXT) {
        hunk(group, old, now);
        group.clear();
      }
      group.add(edit);
    }
    if (!group.isEmpty()) {
      hunk(group, old, now);
    }
  }

  private void hunk(List<Edit> group, RawText old, RawText now) throws IOException {
    Edit first = group.getFirst();
    Edit last = group.getLast();
    int before = Math.min(CONTEXT, first.getBeginA());
    int oldStart = first.getBeginA() - before;
    int oldEnd = Math.min(old.size(), last.getEndA() + CONTEXT);
    int newEnd = last.getEndB() + oldEnd - last.getEndA();
    text("@@ -" + range(oldStart, oldEnd) + " +" + range(first.getBeginB() - before, newEnd));
    text(" @@\n");
    int at = oldStart;
    for (Edit edit : group) {
      lines(' ', old, at, edit.getBeginA());
      lines('-', old, edit.getBeginA(), edit.getEndA());
      lines('+', now, edit.getBeginB(), edit.getEndB());
      at = edit.getEndA();
    }
    lines(' ', old, at, oldEnd);
  }

  private static String range(int start, int end) {
    int count = end - start;
    int first = count == 0 ? start : start + 1;
    return count == 1 ? Integer.toString(first) : first + "," + count;
  }

  private void lines(char sign, RawText text, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      out.write(sign);
      text.writeLine(out, i);
      text(i + 1 == text.size() && text.isMissingNewlineAtEnd() ? NO_END : "\n");
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
