package dev.tars.runner.run.steps;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.plan.Edits;
import dev.tars.runner.plan.FileImage;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.workspace.LayerWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * File steps on their way to the layer. They are computed in memory on top of each other and
 * written only by {@link #flush()}, before the next command: all of them, or, if one fails, none.
 */
public final class LayerEdits {
  /** The largest file that an edit may read or make. */
  static final long MAX_FILE = 32L << 20;

  /** Of all edits that apply together: they are in memory until the last of them fits. */
  private static final long MAX_PENDING = 64L << 20;

  /** Stands for what no pending edit names: it is as it is in the layer. */
  private static final Optional<FileImage> PRESENT =
      Optional.of(new FileImage.Link(Bytes.utf8("-")));

  private final LayerWriter writer;
  private final Map<RelativePath, Optional<FileImage>> pending = new LinkedHashMap<>();
  private final Set<RelativePath> named = new TreeSet<>();
  private long bytes;

  public LayerEdits(LayerWriter writer) {
    this.writer = writer;
  }

  /** Every path that a file step named: such a path is never dropped as ignored. */
  public Set<RelativePath> named() {
    return Set.copyOf(named);
  }

  void apply(Step step) {
    switch (step.action()) {
      case StepAction.EditFile edit -> {
        FileImage before =
            image(edit.file())
                .orElseThrow(() -> missing(edit.file(), step, "use a FileCreation step"));
        Expectations.check(edit.expect(), Optional.of(before), edit.file(), step.at());
        store(edit.file(), Edits.apply(Optional.of(before), edit.edits(), edit.file()), step);
      }
      case StepAction.CreateFile create -> {
        Optional<FileImage> before = image(create.file());
        Expectations.check(create.expect(), before, create.file(), step.at());
        if (before.isPresent()
            || (!pending.containsKey(create.file()) && isDirectory(create.file()))) {
          throw RunnerException.of(
                  FailureCode.EDIT_CONFLICT,
                  create.file() + " exists already (step " + step.id() + ")")
              .at(step.at())
              .note("nothing was changed")
              .help("use a FileModification step to change a file that exists");
        }
        store(create.file(), Edits.apply(Optional.empty(), create.edits(), create.file()), step);
      }
      case StepAction.DeleteFile delete -> {
        boolean unread =
            delete.expect().sha256().isEmpty() && delete.expect().lineEnding().isEmpty();
        Optional<FileImage> before =
            unread && stands(delete.file()) ? PRESENT : image(delete.file());
        Expectations.check(delete.expect(), before, delete.file(), step.at());
        if (before.isEmpty()) {
          requireEmptyDirectory(delete.file(), step);
        }
        named.add(delete.file());
        put(delete.file(), Optional.empty());
      }
      default -> throw new IllegalArgumentException("not a file step: " + step.type());
    }
  }

  /** A move never displaces what no step named. */
  private void requireFree(RelativePath to, Step step) {
    if (stands(to) || isDirectory(to)) {
      throw RunnerException.of(
              FailureCode.EDIT_CONFLICT, to + " exists already (step " + step.id() + ")")
          .at(step.at())
          .note("nothing was changed")
          .help("delete it in an earlier step, or move to another path");
    }
  }

  private void store(RelativePath file, Edits.Result result, Step step) {
    named.add(file);
    result
        .movedTo()
        .filter(to -> !to.equals(file))
        .ifPresentOrElse(
            to -> {
              requireFree(to, step);
              named.add(to);
              put(file, Optional.empty());
              put(to, Optional.of(result.image()));
            },
            () -> put(file, Optional.of(result.image())));
  }

  private void put(RelativePath path, Optional<FileImage> image) {
    bytes += length(image) - length(pending.getOrDefault(path, Optional.empty()));
    pending.put(path, image);
    if (bytes > MAX_PENDING) {
      throw RunnerException.of(
              FailureCode.RESOURCE_LIMIT,
              "edits that apply together make more than " + MAX_PENDING + " bytes")
          .note("nothing was changed")
          .help("let a command step make the large files");
    }
  }

  private static long length(Optional<FileImage> image) {
    return image.orElse(null) instanceof FileImage.Regular file ? file.content().length() : 0;
  }

  /** Writes all that is pending to the layer, deletions first. */
  public void flush() {
    pending.forEach((path, image) -> {
      if (image.isEmpty()) {
        writer.delete(path);
      }
    });
    pending.forEach((path, image) -> image.ifPresent(i -> write(path, i)));
    pending.clear();
    bytes = 0;
  }

  /** What stands at a path now, pending edits and all; empty if no file or link does. */
  Optional<FileImage> now(RelativePath path) {
    return image(path);
  }

  /** Puts a path back to what it was; it counts as named. */
  void restore(RelativePath path, Optional<FileImage> image) {
    if (image.isPresent() || stands(path)) {
      named.add(path);
      put(path, image);
    }
  }

  /** The paths that a file step may write. */
  static Set<RelativePath> touched(Step step) {
    Set<RelativePath> paths = new TreeSet<>();
    switch (step.action()) {
      case StepAction.EditFile edit -> {
        paths.add(edit.file());
        for (StepAction.PlacedEdit placed : edit.edits()) {
          if (placed.edit() instanceof FileEdit.Move move) {
            paths.add(move.to());
          }
        }
      }
      case StepAction.CreateFile create -> paths.add(create.file());
      case StepAction.DeleteFile delete -> paths.add(delete.file());
      default -> {}
    }
    return paths;
  }

  /** Forgets what is pending. */
  void discard() {
    pending.clear();
    bytes = 0;
  }

  private void write(RelativePath path, FileImage image) {
    switch (image) {
      case FileImage.Regular file -> writer.write(path, file.content().toArray(), file.mode());
      case FileImage.Link link -> writer.symlink(path, link.target());
    }
  }

  private Optional<FileImage> image(RelativePath path) {
    Optional<FileImage> staged = pending.get(path);
    if (staged != null) {
      return staged;
    }
    return writer
        .entry(path)
        .flatMap(entry ->
            switch (entry) {
              case TreeEntry.RegularFile file ->
                  Optional.of(
                      new FileImage.Regular(Bytes.of(writer.read(path, MAX_FILE)), file.mode()));
              case TreeEntry.Symlink link -> Optional.of(new FileImage.Link(link.target()));
              case TreeEntry.Directory d -> Optional.empty();
            });
  }

  /** True if a file or a link is there; it is not read, however large it is. */
  private boolean stands(RelativePath path) {
    Optional<FileImage> staged = pending.get(path);
    return staged != null
        ? staged.isPresent()
        : writer.entry(path).filter(e -> !(e instanceof TreeEntry.Directory)).isPresent();
  }

  private boolean isDirectory(RelativePath path) {
    return writer.entry(path).filter(TreeEntry.Directory.class::isInstance).isPresent();
  }

  /** A directory may go when the steps before have taken out all that was in it. */
  private void requireEmptyDirectory(RelativePath path, Step step) {
    if (pending.containsKey(path) || !isDirectory(path)) {
      throw missing(path, step, "take the step out, or correct the path");
    }
    Stream<RelativePath> made =
        pending.keySet().stream().filter(p -> !p.equals(path) && path.contains(p));
    Optional<RelativePath> left =
        Stream.concat(made, writer.below(path).stream())
            .filter(p -> pending.getOrDefault(p, PRESENT).isPresent())
            .findFirst();
    if (left.isPresent()) {
      throw RunnerException.of(
              FailureCode.EDIT_CONFLICT,
              path + " is a directory that is not empty (step " + step.id() + ")")
          .at(step.at())
          .note("it holds " + left.get())
          .note("nothing was changed")
          .help("delete what is in it in earlier steps, or name the file");
    }
  }

  private static RunnerException missing(RelativePath file, Step step, String help) {
    return RunnerException.of(
            FailureCode.EDIT_CONFLICT,
            file + " is not a file of the workspace (step " + step.id() + ")")
        .at(step.at())
        .note("nothing was changed")
        .help(help);
  }
}
