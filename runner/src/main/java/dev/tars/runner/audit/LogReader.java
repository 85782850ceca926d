package dev.tars.runner.audit;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.WorkspaceDir;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads the log of one workspace, from its end or from its start; a log that is not there yet is
 * empty.
 */
final class LogReader {
  static final Bytes DIRECTORY = Bytes.utf8("log");
  static final Bytes FILE = Bytes.utf8("audit.jsonl");

  private static final String HELP = "see `tarscli audit verify`; restore the log from a backup";

  private final Disk disk;
  private final WorkspaceDir workspace;

  LogReader(Disk disk, WorkspaceDir workspace) {
    this.disk = disk;
    this.workspace = workspace;
  }

  /** As {@link AuditLog#since}. */
  List<AuditRecord> since(Predicate<AuditRecord> first) {
    List<AuditRecord> found = new ArrayList<>();
    var _ =
        open(
            Disk.OpenMode.READ,
            file -> {
              BackwardLines lines = new BackwardLines(disk, file);
              for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                AuditRecord record = checked(line.get(), found);
                found.add(record);
                if (first.test(record)) {
                  break;
                }
              }
              return true;
            });
    return found.reversed();
  }

  /** A record must be whole, and the one that the record after it follows. */
  private static AuditRecord checked(byte[] line, List<AuditRecord> later) {
    String problem;
    try {
      AuditRecord record = AuditRecord.parse(line);
      if (later.isEmpty() || later.getLast().previous().equals(record.hash())) {
        return record;
      }
      problem = "record " + later.getLast().seq() + " does not follow the one before";
    } catch (IllegalArgumentException e) {
      problem =
          later.isEmpty()
              ? "the last record is damaged: " + e.getMessage()
              : "the record before " + later.getLast().seq() + " is damaged: " + e.getMessage();
    }
    throw damaged(problem).help(HELP);
  }

  /** As {@link AuditLog#forEach}. */
  void forEach(Consumer<AuditRecord> each) {
    var _ =
        forward(lines -> {
          for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            try {
              each.accept(AuditRecord.parse(line.get()));
            } catch (IllegalArgumentException e) {
              throw damaged(String.valueOf(e.getMessage())).cause(e).help(HELP);
            }
          }
          return true;
        });
  }

  private static RunnerException.Builder damaged(String problem) {
    return RunnerException.of(FailureCode.INTEGRITY, "the audit log is damaged").note(problem);
  }

  /** Reads the log from its start; empty if nothing was ever logged. */
  <T> Optional<T> forward(Function<ForwardLines, T> reader) {
    return open(Disk.OpenMode.READ, file -> reader.apply(new ForwardLines(disk, file)));
  }

  /** Opens the file of the log for {@code use}; empty if nothing was ever logged. */
  <T> Optional<T> open(Disk.OpenMode mode, Function<Disk.DiskFile, T> use) {
    try (Disk.Dir home = disk.open(workspace.path())) {
      if (!stands(home, DIRECTORY, FileKind.DIRECTORY)) {
        return Optional.empty();
      }
      try (Disk.Dir dir = disk.open(home, RelativePath.of(DIRECTORY))) {
        if (!stands(dir, FILE, FileKind.REGULAR)) {
          return Optional.empty();
        }
        try (Disk.DiskFile file = disk.open(dir, FILE, mode)) {
          return Optional.of(use.apply(file));
        }
      }
    }
  }

  /** False if nothing is there. A link or a pipe in the place of the log is no log. */
  boolean stands(Disk.Dir dir, Bytes name, FileKind kind) {
    Optional<FileStat> stat = disk.stat(dir, name);
    if (stat.isPresent() && stat.get().kind() != kind) {
      throw damaged(name.lossyText() + " is something else than tarscli made")
          .at(Escape.line(workspace.path().resolve("log").toString()))
          .note("nothing was changed")
          .help("put the log back from a backup");
    }
    stat.ifPresent(found -> Sharing.requireTrusted(disk, dir, name, found));
    return stat.isPresent();
  }
}
