package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

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
    ImportedPaths paths = new ImportedPaths(workspace);
    PatchParser.each(
        diff,
        file -> {
          requireKnownKind(file);
          paths.add(
              file.copy() ? Optional.empty() : file.oldPath().map(ImportWriter::path),
              file.newPath().map(ImportWriter::path));
        });
    paths.deleted().forEach(path -> step("delete", "FileDeletion", path));
    paths.emptied().forEach(path -> step("delete", "FileDeletion", path));
    PatchParser.each(
        diff,
        file -> {
          if (file.newPath().isPresent() && file.newPath().equals(file.oldPath())) {
            modify(file);
          }
        });
    PatchParser.each(
        diff,
        file -> {
          if (file.newPath().isPresent() && !file.newPath().equals(file.oldPath())) {
            create(file);
          }
        });
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

  private void modify(FilePatch file) {
    RelativePath path = path(file.newPath().orElseThrow());
    if (file.hunks().isEmpty()
        && file.binary().isEmpty()
        && file.newMode().filter(m -> !m.equals(LINK_MODE)).isEmpty()) {
      throw new RunnerException(
          FailureCode.PATCH_INVALID,
          "the diff names " + path + " and changes nothing of it",
          "take that file out of the diff");
    }
    step("change", "FileModification", path);
    yaml.append("      edits:\n");
    if (!file.hunks().isEmpty() || file.binary().isPresent()) {
      yaml.append("        - patchFrom: ").append(stored(file.raw())).append('\n');
    }
    file.newMode()
        .filter(m -> !m.equals(LINK_MODE))
        .ifPresent(m -> {
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

  private void create(FilePatch file) {
    RelativePath path = path(file.newPath().orElseThrow());
    Optional<FileImage> source = file.oldPath().map(old -> required(path(old)));
    boolean link =
        file.newMode().filter(LINK_MODE::equals).isPresent()
            || (file.newMode().isEmpty() && source.orElse(null) instanceof FileImage.Link);
    Bytes before =
        source
            .map(
                i -> i instanceof FileImage.Regular r ? r.content() : ((FileImage.Link) i).target())
            .orElse(Bytes.utf8(""));
    Edits.Place place = new Edits.Place(path, new SourcePosition("the patch", 1, 0), 1, 1);
    Bytes content = HunkApplier.apply(before, file, place);
    step("create", "FileCreation", path);
    if (link) {
      bytes("symlink", content);
      return;
    }
    yaml.append("      contentFrom: ").append(stored(content)).append('\n');
    int mode = source.orElse(null) instanceof FileImage.Regular r ? r.mode() : 0644;
    int wanted = file.newMode().map(m -> PatchParser.permissions(m, mode)).orElse(mode);
    yaml.append("      mode: \"").append(octal(wanted)).append("\"\n");
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

  private static RelativePath path(Bytes name) {
    try {
      return RelativePath.of(name);
    } catch (IllegalArgumentException e) {
      throw RunnerException.of(FailureCode.PATCH_INVALID, String.valueOf(e.getMessage()))
          .cause(e)
          .help("a diff names files below the workspace");
    }
  }

  private FileImage required(RelativePath path) {
    return workspace
        .file(path)
        .orElseThrow(() ->
            RunnerException.of(
                    FailureCode.EDIT_NOMATCH,
                    path + " is renamed or copied, but not in the workspace")
                .note("nothing was written")
                .help("import the diff in a workspace of the commit it was made for"));
  }

  /** Writes bytes beside the plan; returns the reference to them. */
  private String stored(Bytes bytes) {
    String name = number + ".bin";
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
