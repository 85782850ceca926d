package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The log of one workspace: what happened, and the write-ahead log of its transactions. A record
 * that {@link #append} returned is durable. If the log cannot be written, nothing may happen.
 */
public final class AuditLog {
  private static final Bytes DIRECTORY = Bytes.utf8("log");
  private static final Bytes FILE = Bytes.utf8("audit.jsonl");
  private static final Bytes LOCK = Bytes.utf8("append.lock");
  private static final Digest NOTHING = Digest.of(new byte[0]);
  private static final int MAX_LINE = 64 << 20;

  private final StoreLayout layout;
  private final WorkspaceDir workspace;
  private final Disk disk;
  private final Clock clock;
  private long knownSize = -1;
  private Head head = new Head(0, NOTHING);

  private AuditLog(StoreLayout layout, WorkspaceDir workspace, Clock clock) {
    this.layout = layout;
    this.workspace = workspace;
    this.disk = layout.disk();
    this.clock = clock;
  }

  /** Opens the log; the first append begins it. */
  public static AuditLog open(StoreLayout layout, WorkspaceDir workspace, Clock clock) {
    return new AuditLog(layout, workspace, clock);
  }

  private record Head(long seq, Digest hash) {}

  /** Appends a record; it is durable when this returns. */
  public AuditRecord append(String type, ObjectNode payload) {
    return append(type, payload, true);
  }

  /** Appends a record that the next durable one makes durable. */
  public AuditRecord appendLazily(String type, ObjectNode payload) {
    return append(type, payload, false);
  }

  private synchronized AuditRecord append(String type, ObjectNode payload, boolean durable) {
    try (Disk.Dir home = disk.open(workspace.path());
        Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY);
        Disk.DiskFile lock = openOrCreate(dir, LOCK)) {
      while (!disk.tryLock(lock)) {
        Thread.onSpinWait(); // held for one append, well under a millisecond
      }
      boolean fresh = disk.stat(dir, FILE).isEmpty();
      try (Disk.DiskFile file = openOrCreate(dir, FILE)) {
        catchUp(dir, file);
        long end = knownSize;
        try {
          AuditRecord record = write(file, type, payload);
          if (durable) {
            disk.fdatasync(file);
            if (fresh) {
              disk.fsync(dir);
              disk.fsync(home);
            }
          }
          return record;
        } catch (DiskException e) {
          takeBack(file, end, e);
          throw e;
        }
      } catch (DiskException e) {
        knownSize = -1; // whatever is there now, the next append reads it
        throw e;
      }
    } catch (DiskException e) {
      throw RunnerException.of(
              e.errno() == Errno.ENOSPC ? FailureCode.DISK_FULL : FailureCode.IO_FAILED,
              "the audit log cannot be written: " + e.getMessage())
          .note("so nothing further was done")
          .cause(e)
          .help("make room or repair the disk under the state directory");
    }
  }

  /** Who asked for a record and got an error must not find it in the log afterwards. */
  private void takeBack(Disk.DiskFile file, long end, DiskException cause) {
    try {
      disk.truncate(file, end);
      disk.fdatasync(file);
    } catch (DiskException e) {
      cause.addSuppressed(e);
    }
  }

  /** Learns what others appended, and cuts off a last record that a crash tore. */
  private void catchUp(Disk.Dir dir, Disk.DiskFile file) {
    long size = disk.stat(file).size();
    if (size == knownSize) {
      return;
    }
    if (size == 0) {
      begin(file);
      return;
    }
    byte[] content = AtomicFile.read(disk, dir, FILE);
    int end = lastLineEnd(content);
    if (end < content.length) {
      disk.truncate(file, end);
    }
    if (end == 0) {
      begin(file); // the crash tore the very first record
      return;
    }
    AuditRecord last = last(content, end);
    head = new Head(last.seq(), last.hash());
    knownSize = end;
    if (end < content.length) {
      ObjectNode torn = CanonicalJson.object();
      torn.put("droppedBytes", content.length - end);
      torn.put("sha256", Digest.of(Arrays.copyOfRange(content, end, content.length)).hex());
      write(file, "recovered", torn);
    }
  }

  private void begin(Disk.DiskFile file) {
    head = new Head(0, NOTHING);
    knownSize = 0;
    ObjectNode genesis = CanonicalJson.object();
    genesis.put("schema", "tars.audit/v1").put("workspace", workspace.id());
    genesis.put("root", workspace.root().toString());
    write(file, "genesis", genesis);
  }

  private static AuditRecord last(byte[] content, int end) {
    try {
      return AuditRecord.parse(lastLine(content, end));
    } catch (IllegalArgumentException e) {
      throw RunnerException.of(
              FailureCode.INTEGRITY,
              "the last record of the audit log is damaged: " + e.getMessage())
          .note("so nothing further was done")
          .cause(e)
          .help("see `tarscli audit verify`; restore the log from a backup");
    }
  }

  private AuditRecord write(Disk.DiskFile file, String type, ObjectNode payload) {
    AuditRecord record =
        new AuditRecord(
            head.seq() + 1,
            clock.instant().toString(),
            System.nanoTime(),
            type,
            payload,
            head.hash());
    byte[] line = record.line();
    if (line.length > MAX_LINE) {
      throw new RunnerException(
          FailureCode.RESOURCE_LIMIT,
          "a record of " + line.length + " bytes is too large for the audit log",
          "split the change");
    }
    disk.write(file, line, 0, line.length);
    head = new Head(record.seq(), record.hash());
    knownSize = disk.stat(file).size();
    return record;
  }

  private static int lastLineEnd(byte[] content) {
    int end = content.length;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static byte[] lastLine(byte[] content, int end) {
    int start = end - 1;
    while (start > 0 && content[start - 1] != '\n') {
      start--;
    }
    return Arrays.copyOfRange(content, Math.max(0, start), Math.max(0, end - 1));
  }

  private Disk.DiskFile openOrCreate(Disk.Dir dir, Bytes name) {
    try {
      disk.create(dir, name, 0600).close();
    } catch (DiskException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    return disk.open(dir, name, Disk.OpenMode.APPEND);
  }

  /**
   * Every record, oldest first, each held against its own hash; a torn last one is left out.
   *
   * @throws RunnerException INTEGRITY for the first record that is damaged
   */
  public List<AuditRecord> records() {
    Optional<byte[]> content = content();
    if (content.isEmpty()) {
      return List.of();
    }
    byte[] bytes = content.get();
    List<AuditRecord> records = new ArrayList<>();
    int start = 0;
    int end = lastLineEnd(bytes);
    for (int i = 0; i < end; i++) {
      if (bytes[i] == '\n') {
        try {
          records.add(AuditRecord.parse(Arrays.copyOfRange(bytes, start, i)));
        } catch (IllegalArgumentException e) {
          throw RunnerException.of(
                  FailureCode.INTEGRITY,
                  "record "
                      + (records.size() + 1)
                      + " of the audit log is damaged: "
                      + e.getMessage())
              .cause(e)
              .help("see `tarscli audit verify`; restore the log from a backup");
        }
        start = i + 1;
      }
    }
    return records;
  }

  /** The bytes of the log as they are; empty if nothing was ever logged. */
  Optional<byte[]> content() {
    try (Disk.Dir home = disk.open(workspace.path())) {
      if (disk.stat(home, DIRECTORY).isEmpty()) {
        return Optional.empty();
      }
      try (Disk.Dir dir = disk.open(home, dev.tars.runner.model.RelativePath.of(DIRECTORY))) {
        return disk.stat(dir, FILE).isEmpty()
            ? Optional.empty()
            : Optional.of(AtomicFile.read(disk, dir, FILE));
      }
    }
  }

  /** Signs the head of the log, so that whoever kept the checkpoint can prove a later change. */
  public AuditRecord checkpoint() {
    Head now = head;
    ObjectNode payload = CanonicalJson.object();
    payload.put("workspace", workspace.id()).put("seq", now.seq()).put("hash", now.hash().hex());
    return append("checkpoint", new SigningKey(layout).sign(payload));
  }

  /** Checks the whole log; see {@link AuditVerification}. */
  public AuditVerification verify(Optional<ObjectNode> anchor) {
    return new LogVerifier(new SigningKey(layout), workspace.id()).verify(content(), anchor);
  }
}
