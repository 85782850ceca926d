package dev.tars.runner.export;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A directory that the user named for files of ours. Others may write in it, so a file is written
 * beside and then takes the name: what stood there is replaced, never opened, be it a link or a
 * pipe.
 */
public final class HostFolder {
  private static final AtomicLong SEQUENCE = new AtomicLong();

  private static final String FILE_HELP =
      "name a file in a directory that exists and that you may write; without --output it goes to"
          + " standard output";

  private final Path path;

  private HostFolder(Path path) {
    this.path = path;
  }

  /** Refuses a directory in the workspace of a run that may promote: its reports would be drift. */
  public static void requireOutside(Path named, Path workspace) {
    if (real(named.toAbsolutePath().normalize()).startsWith(real(workspace))) {
      throw RunnerException.of(FailureCode.USAGE, "the reports cannot go into the workspace")
          .at(Escape.line(named.toString()))
          .note("they would be drift, and the change could not be promoted over them")
          .note("nothing was run")
          .help("name a directory elsewhere with --output-dir, or add --dry-run");
    }
  }

  /**
   * Makes the directory if it is not there and proves that a file can be made in it.
   *
   * @throws RunnerException USAGE if it lies in {@code forbidden}, IO_FAILED, DISK_FULL
   */
  public static HostFolder make(Path named, List<Path> forbidden) {
    Path path = named.toAbsolutePath().normalize();
    for (Path one : forbidden) {
      if (real(path).startsWith(real(one))) {
        throw RunnerException.of(FailureCode.USAGE, "the reports cannot go there")
            .at(Escape.line(named.toString()))
            .note(Escape.line(one.toString()) + " is tarscli's or git's own")
            .note("nothing was run")
            .help("name another directory with --output-dir");
      }
    }
    try {
      Files.createDirectories(path);
      HostFolder folder = new HostFolder(path);
      Path beside = folder.beside();
      create(beside).close();
      Files.delete(beside);
      return folder;
    } catch (IOException e) {
      throw failure("the reports cannot be written", named, e)
          .note("nothing was run")
          .help("name a directory that you may write with --output-dir");
    }
  }

  /**
   * The directory of one file that the user named.
   *
   * @throws RunnerException USAGE if it lies in {@code forbidden} or is no file, IO_FAILED
   */
  public static HostFolder of(Path named, List<Path> forbidden) {
    Path file = named.toAbsolutePath().normalize();
    Path parent = file.getParent();
    boolean taken =
        Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && !Files.isSymbolicLink(file);
    if (parent == null || taken) {
      throw RunnerException.of(FailureCode.USAGE, "the report cannot go there: that is no file")
          .at(Escape.line(named.toString()))
          .help(FILE_HELP);
    }
    for (Path one : forbidden) {
      if (real(parent).startsWith(real(one))) {
        throw RunnerException.of(FailureCode.USAGE, "the report cannot go there")
            .at(Escape.line(named.toString()))
            .note(Escape.line(one.toString()) + " is tarscli's, git's or the system's own")
            .help(FILE_HELP);
      }
    }
    return new HostFolder(parent);
  }

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    void to(OutputStream out) throws IOException;
  }

  /** Writes a whole file; if it cannot be written whole, what had the name before still has it. */
  void write(String name, Content content) throws IOException {
    Path beside = beside();
    OutputStream made = create(beside);
    try {
      try (made) {
        content.to(made);
      }
      move(beside, path.resolve(name));
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** The same for the file that the user named, said in words if it cannot be. */
  public void writeNamed(Path named, byte[] content) {
    writeNamed(named, out -> out.write(content));
  }

  /** The same for content that is not all in memory. */
  public void writeNamed(Path named, Content content) {
    try {
      write(String.valueOf(named.getFileName()), content);
    } catch (IOException e) {
      throw failure("the report cannot be written", named, e).help(FILE_HELP);
    }
  }

  void write(String name, byte[] content) throws IOException {
    write(name, out -> out.write(content));
  }

  private Path beside() {
    return path.resolve(
        ".tarscli-" + ProcessHandle.current().pid() + "-" + SEQUENCE.incrementAndGet());
  }

  /** Opened once, when it is made: by its name it could be another's link by then. */
  private static OutputStream create(Path beside) throws IOException {
    return Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new FileSystemException(to.toString(), null, "cannot be replaced: " + e.getReason());
    }
  }

  /** Where it is, or would be: the part that exists without its links. */
  private static Path real(Path path) {
    Path part = path;
    for (Path parent = part.getParent(); parent != null; parent = part.getParent()) {
      if (Files.exists(part)) { // follows links: a dangling one is refused when it is made
        break;
      }
      part = parent;
    }
    try {
      return part.toRealPath().resolve(part.relativize(path)).normalize();
    } catch (IOException e) {
      throw failure("it is not known where that lies", path, e)
          .help("name a directory that you may look into");
    }
  }

  /** What failed and where, in words. */
  static RunnerException.Builder failure(String what, Path where, IOException e) {
    String why =
        switch (e) {
          case java.nio.file.FileAlreadyExistsException _ -> "it is not a directory";
          case java.nio.file.NoSuchFileException _ -> "there is no such directory";
          case java.nio.file.AccessDeniedException _ -> "you may not write there";
          case FileSystemException f when f.getReason() != null -> f.getReason();
          default -> String.valueOf(e.getMessage());
        };
    boolean full = why.contains("No space left") || why.contains("quota");
    return RunnerException.of(
            full ? FailureCode.DISK_FULL : FailureCode.IO_FAILED, what + ": " + Escape.line(why))
        .at(Escape.line(where.toString()))
        .cause(e);
  }
}
