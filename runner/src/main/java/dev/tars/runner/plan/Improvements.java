package dev.tars.runner.plan;

import dev.tars.runner.files.FilesBeneath;
import dev.tars.runner.files.NamedFile;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.yaml.Nearest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The improvements of a workspace: {@code .tars/improvements/ID.yaml}. */
public final class Improvements {
  static final String ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final String SUFFIX = ".yaml";
  private static final long MAX_PATCH = 512L << 20;

  private static final RelativePath HOME = RelativePath.of(".tars/improvements");

  private final Path workspace;
  private final Path directory;
  private final FilesBeneath files;
  private final Duration patience;

  public Improvements(Path workspace) {
    this(workspace, Duration.ofMinutes(1));
  }

  /**
   * @param patience how long a patch that comes through a pipe may take to its end
   */
  public Improvements(Path workspace, Duration patience) {
    this.workspace = workspace;
    this.patience = patience;
    this.directory = workspace.resolve(HOME.toString());
    this.files = new FilesBeneath(workspace);
  }

  /**
   * One improvement file.
   *
   * @param title what it says about itself, or why it cannot be read
   */
  public record Entry(String id, String title) {}

  /** All of them, by id; one that does not load says so in its title. */
  public List<Entry> list() {
    List<Entry> entries = new ArrayList<>();
    for (String id : ids()) {
      try {
        entries.add(new Entry(id, plan(id).description().title()));
      } catch (RunnerException e) {
        entries.add(new Entry(id, "(invalid: " + e.getMessage() + ")"));
      }
    }
    return entries;
  }

  /**
   * Reads an improvement of the workspace. No link is followed to it.
   *
   * @throws RunnerException NOT_FOUND with the nearest id, PLAN_INVALID with every problem, and if
   *     the file says that it is another improvement than its name
   */
  public Plan plan(String id) {
    requireId(id);
    if (!files.has(file(id))) {
      RunnerException.Builder error =
          RunnerException.of(FailureCode.NOT_FOUND, "there is no improvement " + Escape.line(id))
              .at(Escape.line(directory.toString()));
      Nearest.of(id, ids()).ifPresent(n -> error.note("nearest: " + n));
      throw error.help("list them with `tarscli improve list`, or name a file with --plan");
    }
    return requireNamed(ImprovementReader.read(files, file(id), shown(id)), id, shown(id));
  }

  /**
   * Reads an improvement from a file that the user names. One in the workspace is the workspace's:
   * no link is followed to it.
   *
   * @throws RunnerException NOT_FOUND, PLAN_INVALID with every problem
   */
  public Plan plan(Path file) {
    return inWorkspace(file.toAbsolutePath().normalize())
        .map(path -> ImprovementReader.read(files, path, file.toString()))
        .orElseGet(() -> ImprovementReader.read(file, file.toString()));
  }

  /** The same where there is no workspace. */
  public static Plan outside(Path file) {
    return ImprovementReader.read(file, file.toString());
  }

  /** The path below the workspace, by whatever name the user reached the workspace. */
  private Optional<RelativePath> inWorkspace(Path file) {
    try {
      for (Path at = file.getParent(); at != null; at = at.getParent()) {
        if (Files.isDirectory(at) && Files.isSameFile(at, workspace)) {
          return Optional.of(RelativePath.of(at.relativize(file).toString()));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "the place of the file cannot be examined: " + e.getMessage())
          .at(Escape.line(file.toString()))
          .cause(e)
          .help("check the permissions of its directories");
    }
  }

  /** The same, and the file must be the improvement {@code id}. */
  public Plan plan(Path file, String id) {
    return requireNamed(plan(file), id, file.toString());
  }

  private static Plan requireNamed(Plan plan, String id, String shown) {
    if (!plan.id().equals(id)) {
      throw RunnerException.of(
              FailureCode.PLAN_INVALID,
              "the file is the improvement " + plan.id() + ", not " + Escape.line(id))
          .at(Escape.line(shown))
          .note("an improvement is approved and recorded by its id")
          .help("name the id that the file has, or give the file the name of its id");
    }
    return plan;
  }

  /** How the file of an id is shown in messages. */
  public static String shown(String id) {
    return ".tars/improvements/" + id + SUFFIX;
  }

  /** Writes an improvement with one command step; returns its file. */
  public Path create(String id, String title, List<String> argv) {
    StringBuilder yaml = head(id, title);
    yaml.append("  - id: run\n    type: CommandExecution\n    action:\n      argv:\n");
    argv.forEach(a -> yaml.append("        - ").append(ImportWriter.quoted(a)).append('\n'));
    return publish(id, yaml.toString());
  }

  /**
   * Writes an improvement that does what a unified diff says; returns its file.
   *
   * @param now what the workspace holds, for what a diff takes from it without saying it
   * @throws RunnerException PATCH_INVALID, EDIT_NOMATCH if a renamed file is not in the workspace
   */
  public Path importPatch(String id, String title, Path patch, WorkspaceView now) {
    requireNew(id);
    String diff = readPatch(patch);
    StringBuilder yaml = head(id, title);
    Path beside = filesOf(id);
    try {
      new ImportWriter(now, beside, id + ".files", yaml).write(diff);
      return publish(id, yaml.toString());
    } catch (RunnerException | OutOfMemoryError e) {
      remove(beside, e); // it was not there before, and the next import wants the name
      throw e;
    }
  }

  private static void remove(Path beside, Throwable why) {
    if (!Files.isDirectory(beside, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> contents = Files.newDirectoryStream(beside)) {
      for (Path content : contents) {
        Files.delete(content);
      }
      Files.delete(beside);
    } catch (IOException e) {
      why.addSuppressed(e); // the next import says that it stands in the way
    }
  }

  /** One character a byte. */
  private String readPatch(Path patch) {
    // The improvement is held in memory when it runs: contents before and after, and the diff.
    long most = Math.min(MAX_PATCH, Runtime.getRuntime().maxMemory() / 4);
    try {
      byte[] content = NamedFile.readOrWait(patch, (int) most, patience);
      return new String(content, StandardCharsets.ISO_8859_1);
    } catch (NamedFile.TooLarge e) {
      throw RunnerException.of(
              FailureCode.PATCH_INVALID, "the patch is larger than " + most + " bytes")
          .at(Escape.line(patch.toString()))
          .cause(e)
          .note("it would not fit in the memory that tarscli is given")
          .help("split it, or give more memory: TARS_JAVA_OPTS=-Xmx1g");
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              e instanceof NoSuchFileException
                  ? "there is no such patch"
                  : "the patch cannot be read: " + Escape.line(String.valueOf(e.getMessage())))
          .at(Escape.line(patch.toString()))
          .cause(e)
          .help(
              "name a file with --patch, or a pipe that ends within "
                  + patience.toSeconds()
                  + " s");
    }
  }

  private StringBuilder head(String id, String title) {
    requireNew(id);
    StringBuilder yaml = new StringBuilder();
    yaml.append("apiVersion: ").append(ImprovementReader.API).append("\nkind: Improvement\n");
    yaml.append("metadata:\n  id: ").append(ImportWriter.quoted(id));
    yaml.append("\n  title: ").append(ImportWriter.quoted(title)).append("\nsteps:\n");
    return yaml;
  }

  private void requireNew(String id) {
    requireId(id);
    for (Path own : List.of(path(id), filesOf(id))) {
      if (Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
        throw RunnerException.of(FailureCode.USAGE, "the improvement " + id + " exists already")
            .at(Escape.line(workspace.relativize(own).toString()))
            .help("choose another --id, or remove what stands there");
      }
    }
    for (Path dir : List.of(workspace.resolve(".tars"), directory)) {
      if (Files.isSymbolicLink(dir)) {
        throw RunnerException.of(
                FailureCode.CONFIG_INVALID, "improvements are not written through a link")
            .at(Escape.line(workspace.relativize(dir).toString()))
            .note("nothing was written")
            .help("put a directory in its place");
      }
    }
  }

  /** The contents that an import keeps beside its plan. */
  private Path filesOf(String id) {
    return directory.resolve(id + ".files");
  }

  private static void requireId(String id) {
    if (!id.matches(ID_PATTERN)) {
      throw new RunnerException(
          FailureCode.USAGE,
          "not an improvement's id: " + Escape.line(id),
          "use letters, digits, '.', '_' and '-', at most 64");
    }
  }

  private Path publish(String id, String yaml) {
    try {
      Files.createDirectories(directory);
      Path beside = Files.createTempFile(directory, ".new-", SUFFIX);
      Files.writeString(beside, yaml);
      Files.setPosixFilePermissions(
          beside, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
      try {
        Plan _ = ImprovementReader.read(beside, shown(id)); // what we write, we can read
        Files.move(beside, path(id), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
      return path(id);
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED,
              "the improvement cannot be written: " + Escape.line(e.toString()))
          .at(Escape.line(directory.toString()))
          .cause(e)
          .help("make the directory writable");
    }
  }

  private List<String> ids() {
    return files.names(HOME).stream()
        .filter(n -> n.endsWith(SUFFIX) && !n.startsWith("."))
        .map(n -> n.substring(0, n.length() - SUFFIX.length()))
        .filter(n -> n.matches(ID_PATTERN))
        .toList();
  }

  private static RelativePath file(String id) {
    return HOME.resolve(Bytes.utf8(id + SUFFIX));
  }

  private Path path(String id) {
    return directory.resolve(id + SUFFIX);
  }
}
