package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns the files of a diff into steps: deletions first, then the directories that they empty (git
 * has none), then changes, then new files, so that names may change hands. Bytes go into files
 * beside the plan, each with its digest.
 */
final class ImportWriter {
  private static final String LINK_MODE = "120000";
  private static final String SUBMODULE = "160000";

  private final WorkspaceView workspace;
  private final Path beside;
  private final String besideName;
  private final StringBuilder yaml;
  private int number;
  private int contents;

  ImportWriter(WorkspaceView workspace, Path beside, String besideName, StringBuilder yaml) {
    this.workspace = workspace;
    this.beside = beside;
    this.besideName = besideName;
    this.yaml = yaml;
  }

  /**
   * Writes the steps of a diff.
   *
   * @param diff one character a byte
   */
  void write(String diff) {
    Series.Detector order = new Series.Detector();
    PatchParser.each(
        diff,
        file -> {
          requireKnownKind(file);
          order.add(file);
        });
    if (order.isSeries()) {
      series(diff);
    } else {
      together(diff);
    }
  }

  /** Patches that only in their order make sense: what comes of them in the end. */
  private void series(String diff) {
    Series series = new Series(workspace);
    PatchParser.each(diff, series::add);
    ImportedPaths paths = new ImportedPaths(workspace);
    series.each((path, state) -> {
      boolean there = workspace.file(path).isPresent();
      boolean stays = !(state instanceof Series.State.Gone);
      boolean same = state instanceof Series.State.Edited;
      paths.add(
          there && !same ? Optional.of(path) : Optional.empty(),
          stays && (!there || same) ? Optional.of(path) : Optional.empty());
    });
    paths.deleted().forEach(path -> step("delete", "FileDeletion", path));
    paths.emptied().forEach(path -> step("delete", "FileDeletion", path));
    series.each((path, state) -> {
      if (state instanceof Series.State.Edited edited) {
        modify(path, edited.patches());
      }
    });
    series.each((path, state) -> {
      if (state instanceof Series.State.Made made) {
        create(path, made.image());
      }
    });
  }

  /** A patch whose files have nothing to do with each other; not all of it is in memory at once. */
  private void together(String diff) {
    ImportedPaths paths = new ImportedPaths(workspace);
    each(
        diff,
        file -> {
          Optional<RelativePath> old =
              file.copy() ? Optional.empty() : file.oldPath().map(ImportWriter::path);
          if (file.newPath().isEmpty()) {
            requireWhole(required(old.orElseThrow()), file, old.orElseThrow());
          }
          paths.add(old, file.newPath().map(ImportWriter::path));
        });
    paths.deleted().forEach(path -> step("delete", "FileDeletion", path));
    paths.emptied().forEach(path -> step("delete", "FileDeletion", path));
    each(
        diff,
        file -> {
          if (file.newPath().isPresent() && file.newPath().equals(file.oldPath())) {
            modify(path(file.newPath().get()), List.of(file));
          }
        });
    each(
        diff,
        file -> {
          if (file.newPath().isPresent() && !file.newPath().equals(file.oldPath())) {
            RelativePath path = path(file.newPath().get());
            create(path, applied(file.oldPath().map(old -> required(path(old))), file, path));
          }
        });
  }

  /** A plain diff does not say whether it makes a file: it does where there is none. */
  private void each(String diff, Consumer<FilePatch> consumer) {
    PatchParser.each(
        diff,
        file ->
            consumer.accept(
                file.mayCreate() && workspace.file(path(file.newPath().orElseThrow())).isEmpty()
                    ? file.creating()
                    : file));
  }

  private static void requireKnownKind(FilePatch file) {
    boolean submodule =
        file.newMode().filter(SUBMODULE::equals).isPresent()
            || file.oldMode().filter(SUBMODULE::equals).isPresent();
    if (submodule) {
      throw new RunnerException(
          FailureCode.PATCH_INVALID,
          "the diff changes a submodule: " + file.newPath().or(file::oldPath).orElseThrow(),
          "take it out; a submodule is another repository");
    }
  }

  /** What a diff removes must be what it says, to the last line. */
  static void requireWhole(FileImage image, FilePatch file, RelativePath path) {
    Bytes left = HunkApplier.apply(Series.content(image), file, Series.place(path));
    if (left.length() > 0) {
      throw RunnerException.of(
              FailureCode.EDIT_NOMATCH, path + " is removed, but holds more than the diff removes")
          .note("nothing was written")
          .help("import the diff in a workspace of the commit it was made for");
    }
  }

  /** A file with a patch on it; the source of one that is made may be another, or none. */
  static FileImage applied(Optional<FileImage> source, FilePatch file, RelativePath path) {
    Bytes before = source.map(Series::content).orElse(Bytes.utf8(""));
    Bytes content = HunkApplier.apply(before, file, Series.place(path));
    boolean link =
        file.newMode().filter(LINK_MODE::equals).isPresent()
            || (file.newMode().isEmpty() && source.orElse(null) instanceof FileImage.Link);
    if (link) {
      return new FileImage.Link(content);
    }
    int mode = source.orElse(null) instanceof FileImage.Regular r ? r.mode() : 0644;
    return new FileImage.Regular(
        content, file.newMode().map(m -> PatchParser.permissions(m, mode)).orElse(mode));
  }

  private void modify(RelativePath path, List<FilePatch> patches) {
    Optional<String> mode =
        patches.stream()
            .map(FilePatch::newMode)
            .flatMap(Optional::stream)
            .filter(m -> !m.equals(LINK_MODE))
            .reduce((a, b) -> b);
    boolean nothing = patches.stream().allMatch(f -> f.hunks().isEmpty() && f.binary().isEmpty());
    if (nothing && mode.isEmpty()) {
      throw new RunnerException(
          FailureCode.PATCH_INVALID,
          "the diff names " + path + " and changes nothing of it",
          "take that file out of the diff");
    }
    step("change", "FileModification", path);
    yaml.append("      edits:\n");
    for (FilePatch file : patches) {
      if (!file.hunks().isEmpty() || file.binary().isPresent()) {
        yaml.append("        - patchFrom: ").append(stored(file.raw())).append('\n');
      }
    }
    mode.ifPresent(m -> {
      int current =
          workspace
              .file(path)
              .map(i -> i instanceof FileImage.Regular r ? r.mode() : 0644)
              .orElse(0644);
      yaml.append("        - mode: \"")
          .append(octal(PatchParser.permissions(m, current)))
          .append("\"\n");
    });
  }

  private void create(RelativePath path, FileImage image) {
    step("create", "FileCreation", path);
    switch (image) {
      case FileImage.Link link -> bytes("symlink", link.target());
      case FileImage.Regular file -> {
        yaml.append("      contentFrom: ").append(stored(file.content())).append('\n');
        yaml.append("      mode: \"").append(octal(file.mode())).append("\"\n");
      }
    }
  }

  private static String octal(int mode) {
    return "%03o".formatted(mode);
  }

  private void step(String verb, String type, RelativePath path) {
    yaml.append("  - id: ").append(verb).append('-').append(++number).append('\n');
    yaml.append("    type: ").append(type).append("\n    action:\n");
    bytes("file", path.bytes());
  }

  /** Text where text can hold it, else base64 under a key of its own. */
  private void bytes(String key, Bytes value) {
    String text = value.lossyText();
    boolean plain = value.isUtf8() && text.chars().noneMatch(c -> c < 0x20 || c == 0x7f);
    yaml.append("      ")
        .append(plain ? key : key + "Base64")
        .append(": ")
        .append(plain ? quoted(text) : Base64.getEncoder().encodeToString(value.toArray()))
        .append('\n');
  }

  static RelativePath path(Bytes name) {
    try {
      return RelativePath.of(name);
    } catch (IllegalArgumentException e) {
      throw RunnerException.of(FailureCode.PATCH_INVALID, String.valueOf(e.getMessage()))
          .cause(e)
          .help("a diff names files below the workspace");
    }
  }

  private FileImage required(RelativePath path) {
    return workspace.file(path).orElseThrow(() -> missing(path));
  }

  static RunnerException missing(RelativePath path) {
    return RunnerException.of(
            FailureCode.EDIT_NOMATCH,
            path + " is renamed, copied or removed, but not in the workspace")
        .note("nothing was written")
        .help("import the diff in a workspace of the commit it was made for");
  }

  /** Writes bytes beside the plan; returns the reference to them. */
  private String stored(Bytes bytes) {
    String name = ++contents + ".bin";
    try {
      Files.createDirectories(beside);
      Files.write(beside.resolve(name), bytes.toArray());
    } catch (IOException e) {
      throw RunnerException.of(FailureCode.IO_FAILED, "cannot write beside the plan: " + e)
          .cause(e)
          .help("make the directory writable");
    }
    return "{ file: "
        + quoted(besideName + "/" + name)
        + ", sha256: "
        + Digest.of(bytes.toArray()).hex()
        + " }";
  }

  /** A text as a YAML scalar in double quotes. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            case '\r' -> out.append("\\r");
            default -> {
              boolean plain = c >= 0x20 && c < 0x7f;
              out.append(
                  plain
                      ? Character.toString(c)
                      : c <= 0xffff ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
            }
          }
        });
    return out.append('"').toString();
  }
}
