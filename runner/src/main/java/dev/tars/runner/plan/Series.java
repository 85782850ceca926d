package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Diffs that come one after the other, each for what the one before left, as the net change of each
 * path. Within one patch all names are those before it, so that two files may change theirs.
 */
final class Series {
  private final WorkspaceView workspace;
  private final Map<RelativePath, State> now = new TreeMap<>();
  private Map<RelativePath, State> before = Map.of();
  private final Set<RelativePath> left = new HashSet<>();
  private final Set<RelativePath> come = new HashSet<>();
  private int part = -1;

  Series(WorkspaceView workspace) {
    this.workspace = workspace;
  }

  /** What became of a path. */
  sealed interface State {
    /** The file of the workspace, with these on it in this order. */
    record Edited(List<FilePatch> patches) implements State {}

    /** A file that a patch made. */
    record Made(FileImage image) implements State {}

    record Gone() implements State {}
  }

  /**
   * True for a file that was changed by an earlier patch, or twice: only in order it makes sense.
   */
  static final class Detector {
    private final Set<RelativePath> earlier = new HashSet<>();
    private final Set<RelativePath> left = new HashSet<>();
    private final Set<RelativePath> come = new HashSet<>();
    private int part;
    private boolean found;

    void add(FilePatch file) {
      if (file.part() != part) {
        part = file.part();
        earlier.addAll(left);
        earlier.addAll(come);
        left.clear();
        come.clear();
      }
      Optional<RelativePath> old = file.oldPath().map(ImportWriter::path);
      Optional<RelativePath> to = file.newPath().map(ImportWriter::path);
      old.ifPresent(p -> found |= earlier.contains(p) || (!file.copy() && !left.add(p)));
      to.ifPresent(p -> found |= earlier.contains(p) || !come.add(p));
    }

    boolean isSeries() {
      return found;
    }
  }

  void add(FilePatch patch) {
    Optional<RelativePath> old = patch.oldPath().map(ImportWriter::path);
    Optional<RelativePath> to = patch.newPath().map(ImportWriter::path);
    boolean again =
        old.filter(p -> !patch.copy() && left.contains(p)).isPresent()
            || to.filter(come::contains).isPresent();
    if (patch.part() != part || again) {
      part = patch.part();
      before = new TreeMap<>(now);
      left.clear();
      come.clear();
    }
    old.filter(_ -> !patch.copy()).ifPresent(left::add);
    to.ifPresent(come::add);
    FilePatch file =
        to.filter(p -> image(before, p).isEmpty() && patch.mayCreate()).isPresent()
            ? patch.creating()
            : patch;
    if (to.isEmpty()) {
      remove(old.orElseThrow(), file);
    } else if (file.oldPath().equals(file.newPath())) {
      change(to.get(), file);
    } else {
      make(to.get(), old.filter(_ -> file.oldPath().isPresent()), file);
    }
  }

  private void remove(RelativePath path, FilePatch file) {
    ImportWriter.requireWhole(required(path), file, path);
    gone(path);
  }

  private void gone(RelativePath path) {
    if (workspace.file(path).isPresent()) {
      now.put(path, new State.Gone());
    } else {
      now.remove(path);
    }
  }

  private void change(RelativePath path, FilePatch file) {
    FileImage image = required(path);
    if (before.get(path) instanceof State.Made) {
      now.put(path, new State.Made(ImportWriter.applied(Optional.of(image), file, path)));
      return;
    }
    List<FilePatch> patches = new ArrayList<>();
    if (before.get(path) instanceof State.Edited edited) {
      patches.addAll(edited.patches());
    }
    patches.add(file);
    now.put(path, new State.Edited(patches));
  }

  private void make(RelativePath path, Optional<RelativePath> source, FilePatch file) {
    boolean freed = now.get(path) instanceof State.Gone || left.contains(path);
    if (!freed && image(before, path).isPresent()) {
      throw RunnerException.of(
              FailureCode.EDIT_CONFLICT, path + " is made, but it is there already")
          .note("nothing was written")
          .help("import the diff in a workspace of the commit it was made for");
    }
    FileImage made = ImportWriter.applied(source.map(this::required), file, path);
    source.filter(_ -> !file.copy()).filter(p -> !come.contains(p)).ifPresent(this::gone);
    now.put(path, new State.Made(made));
  }

  private FileImage required(RelativePath path) {
    return image(before, path).orElseThrow(() -> ImportWriter.missing(path));
  }

  /** A file as it was before this patch. */
  private Optional<FileImage> image(Map<RelativePath, State> states, RelativePath path) {
    return switch (states.get(path)) {
      case null -> workspace.file(path);
      case State.Made made -> Optional.of(made.image());
      case State.Gone() -> Optional.empty();
      case State.Edited edited -> {
        FileImage image = workspace.file(path).orElseThrow(() -> ImportWriter.missing(path));
        for (FilePatch patch : edited.patches()) {
          image = ImportWriter.applied(Optional.of(image), patch, path);
        }
        yield Optional.of(image);
      }
    };
  }

  /** The net change of each path, in path order. */
  void each(BiConsumer<RelativePath, State> consumer) {
    now.forEach(consumer);
  }

  /** Where an import is, for messages. */
  static Edits.Place place(RelativePath path) {
    return new Edits.Place(path, new SourcePosition("the patch", 1, 0), 1, 1);
  }

  static Bytes content(FileImage image) {
    return image instanceof FileImage.Regular file
        ? file.content()
        : ((FileImage.Link) image).target();
  }
}
