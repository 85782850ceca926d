package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.LockHolder;
import dev.tars.runner.store.LockWait;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The log of one workspace: what happened, and the write-ahead log of its transactions. A record
 * that {@link #append} returned is durable. If the log cannot be written, nothing may happen.
 */
public final class AuditLog {
  private static final Bytes DIRECTORY = LogReader.DIRECTORY;
  private static final Bytes FILE = LogReader.FILE;
  private static final Bytes LOCK = Bytes.utf8("append.lock");
  private static final Digest NOTHING = Digest.of(new byte[0]);
  private static final int MAX_LINE = 16 << 20;
  private static final long ROOM = 64 << 10;

  /** An append takes milliseconds, a sync on a disk that is busy elsewhere some seconds. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(30);

  private final StoreLayout layout;
  private final WorkspaceDir workspace;
  private final Disk disk;
  private final Clock clock;
  private final LogDoubt doubt;
  private final LogReader reader;
  private final Duration lockWait;
  private @Nullable SigningKey signing;
  private Redaction redaction = Redaction.builtIn();
  private long knownSize = -1;
  private Head head = new Head(0, NOTHING);
  private Digest vouched = NOTHING;

  AuditLog(StoreLayout layout, WorkspaceDir workspace, Clock clock, Duration lockWait) {
    this.layout = layout;
    this.workspace = workspace;
    this.disk = layout.disk();
    this.clock = clock;
    this.doubt = new LogDoubt(disk, workspace);
    this.reader = new LogReader(disk, workspace);
    this.lockWait = lockWait;
  }

  /** Opens the log; the first append begins it. */
  public static AuditLog open(StoreLayout layout, WorkspaceDir workspace, Clock clock) {
    return new AuditLog(layout, workspace, clock, LOCK_WAIT);
  }

  /** Applies this to every text of every record from now on, besides what is always taken out. */
  public synchronized void alsoRedact(UnaryOperator<String> redact) {
    redaction = redaction.and(redact);
  }

  /** By the clock that records are stamped with. */
  public Instant now() {
    return clock.instant();
  }

  private record Head(long seq, Digest hash) {}

  private enum Need {
    LAZY,
    DURABLE,
    DURABLE_WITH_ROOM
  }

  /**
   * Appends a record; it is durable when this returns.
   *
   * @throws RunnerException LOCKED if another process is appending and does not come to an end
   */
  public AuditRecord append(String type, ObjectNode payload) {
    return append(type, payload, Need.DURABLE);
  }

  /** The same, and the record that must follow has its blocks on the disk already. */
  public AuditRecord appendAndReserve(String type, ObjectNode payload) {
    return append(type, payload, Need.DURABLE_WITH_ROOM);
  }

  /** Appends a record that the next durable one makes durable. */
  public AuditRecord appendLazily(String type, ObjectNode payload) {
    return append(type, payload, Need.LAZY);
  }

  private synchronized AuditRecord append(String type, ObjectNode payload, Need need) {
    try (Disk.Dir home = openHome();
        Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY);
        Disk.DiskFile lock = openOrCreate(dir, LOCK)) {
      lock(lock);
      doubt.requireNone(home);
      try (Disk.DiskFile file = openOrCreate(dir, FILE)) {
        catchUp(home, dir, file);
        long end = knownSize;
        try {
          if (need == Need.DURABLE_WITH_ROOM) {
            reserve(file);
          }
          AuditRecord record = write(file, type, redaction.of(payload));
          if (need != Need.LAZY) {
            disk.fdatasync(file);
          }
          return record;
        } catch (DiskException e) {
          if (e.isSync()) {
            doubt.raise(
                String.valueOf(
                    e.getMessage())); // it may be there or not: neither can be made sure of now
          } else {
            takeBack(file, end, e);
          }
          throw e;
        }
      } catch (DiskException e) {
        knownSize = -1; // whatever is there now, the next append reads it
        throw e;
      }
    } catch (DiskException e) {
      throw RunnerException.of(e.code(), "the audit log cannot be written: " + e.getMessage())
          .note("so nothing further was done")
          .cause(e)
          .help("make room or repair the disk under the state directory");
    }
  }

  /** Held by whoever appends, for one append. */
  private void lock(Disk.DiskFile lock) {
    if (LockWait.until(() -> disk.tryLock(lock), lockWait)) {
      return;
    }
    Optional<LockHolder> holder = disk.lockHolder(lock);
    throw RunnerException.of(
            FailureCode.LOCKED,
            "another process writes to the audit log, and has not let go of it for "
                + lockWait.toSeconds()
                + " s")
        .at(lock.where())
        .note(holder.map(h -> "it is " + h).orElse("which one is not known"))
        .note("nothing further was done")
        .help(
            holder
                .filter(LockHolder::stopped)
                .map(h ->
                    "let it go on with `kill -CONT " + h.pid() + "`, or end it; then try again")
                .orElse("look at what it does, and end it if it hangs; then try again"));
  }

  /** In whole steps, so that mostly there is nothing to do; the length of the file stays. */
  private void reserve(Disk.DiskFile file) {
    try {
      disk.allocate(file, (knownSize / ROOM + 2) * ROOM);
    } catch (DiskException e) {
      if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.ENOSYS) {
        throw e;
      } // a file system that cannot promise it: a transaction that finds none is undone
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

  /**
   * Cuts off a last record that a crash tore, as the next append would, and says so in the log.
   *
   * @return true if there was one
   */
  public synchronized boolean mend() {
    try (Disk.Dir home = openHome();
        Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY);
        Disk.DiskFile lock = openOrCreate(dir, LOCK)) {
      lock(lock);
      doubt.requireNone(home);
      try (Disk.DiskFile file = openOrCreate(dir, FILE)) {
        boolean torn = catchUp(home, dir, file);
        if (torn) {
          disk.fdatasync(file);
        }
        return torn;
      }
    }
  }

  /**
   * Learns what others appended, and cuts off a last record that a crash tore.
   *
   * @return true if there was one
   */
  private boolean catchUp(Disk.Dir home, Disk.Dir dir, Disk.DiskFile file) {
    long size = disk.stat(file).size();
    if (size == knownSize) {
      return false;
    }
    if (size == 0) {
      begin(home, dir, file);
      return false;
    }
    try (Disk.DiskFile reader = disk.open(dir, FILE, Disk.OpenMode.READ)) {
      BackwardLines lines = new BackwardLines(disk, reader);
      long end = lines.end();
      Optional<byte[]> torn = end < size ? Optional.of(from(reader, end, size)) : Optional.empty();
      if (torn.isPresent()) {
        disk.truncate(file, end);
        // Before anything is appended: else a later record may survive among the torn bytes.
        disk.fdatasync(file);
      }
      Optional<byte[]> last = lines.next();
      if (last.isEmpty()) {
        begin(home, dir, file); // the crash tore the very first record
        return true;
      }
      AuditRecord record = last(last.get());
      head = new Head(record.seq(), record.hash());
      knownSize = end;
      torn.ifPresent(bytes -> {
        ObjectNode payload = CanonicalJson.object().put("droppedBytes", bytes.length);
        write(file, "recovered", payload.put("sha256", Digest.of(bytes).hex()));
      });
      return torn.isPresent();
    }
  }

  private byte[] from(Disk.DiskFile file, long start, long end) {
    byte[] bytes = new byte[Math.toIntExact(end - start)];
    disk.seek(file, start);
    int at = 0;
    for (int n = 1; at < bytes.length && n > 0; at += Math.max(n, 0)) {
      n = disk.read(file, bytes, at, bytes.length - at);
    }
    return Arrays.copyOf(bytes, at);
  }

  /**
   * INVARIANT: where a log has a record its place is durable, so that no power cut takes away a log
   * that a transaction relies on.
   */
  private void begin(Disk.Dir home, Disk.Dir dir, Disk.DiskFile file) {
    disk.fsync(dir);
    disk.fsync(home);
    for (Path above : List.of(workspace.path().resolveSibling("."), layout.root())) {
      try (Disk.Dir parent = disk.open(above.normalize())) {
        disk.fsync(parent);
      }
    }
    head = new Head(0, NOTHING);
    knownSize = 0;
    ObjectNode genesis = CanonicalJson.object();
    genesis.put("schema", "tars.audit/v1").put("workspace", workspace.id());
    genesis.put("root", workspace.root().toString());
    write(file, "genesis", genesis);
  }

  /**
   * Makes what is in the log durable. A process that was killed may have written a record and not
   * synced it: who acts on what it reads there syncs first, or a power cut takes the reason away.
   */
  public void sync() {
    try {
      var _ =
          reader.open(
              Disk.OpenMode.APPEND,
              file -> {
                disk.fdatasync(file);
                return true;
              });
    } catch (DiskException e) {
      if (e.isSync()) {
        doubt.raise(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private static AuditRecord last(byte[] line) {
    try {
      return AuditRecord.parse(line);
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
        AuditRecord.of(
            new AuditRecord.Content(
                head.seq() + 1,
                clock.instant().toString(),
                System.nanoTime(),
                type,
                payload,
                head.hash()));
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

  private Disk.Dir openHome() {
    Disk.Dir home = disk.open(workspace.path());
    try {
      var _ = reader.stands(home, DIRECTORY, FileKind.DIRECTORY);
      return home;
    } catch (RunnerException | DiskException e) {
      home.close();
      throw e;
    }
  }

  /** It is there, but for the first time; an exception is not how to find that out. */
  private Disk.DiskFile openOrCreate(Disk.Dir dir, Bytes name) {
    if (!reader.stands(dir, name, FileKind.REGULAR)) {
      try {
        disk.create(dir, name, Sharing.file(disk, dir)).close();
      } catch (DiskException e) {
        if (e.errno() != Errno.EEXIST) { // another process made it first
          throw e;
        }
      }
    }
    return disk.open(dir, name, Disk.OpenMode.APPEND);
  }

  /**
   * Every record, oldest first, each held against its own hash; a torn last one is left out.
   *
   * @throws RunnerException INTEGRITY for the last record that is damaged
   */
  public List<AuditRecord> records() {
    return since(record -> false);
  }

  /**
   * The records from the newest that {@code first} accepts to the end, oldest first; all of them if
   * it accepts none. Costs what they cost, however long the log is.
   *
   * @throws RunnerException INTEGRITY for the last of them that is damaged
   */
  public List<AuditRecord> since(Predicate<AuditRecord> first) {
    return reader.since(first);
  }

  /** Gives every whole record to {@code each}, oldest first, one at a time. */
  public void forEach(Consumer<AuditRecord> each) {
    reader.forEach(each);
  }

  /** Why nothing may be written now, if a sync failed and no person has settled it. */
  public Optional<String> doubt() {
    try (Disk.Dir home = disk.open(workspace.path())) {
      return doubt.standing(home);
    }
  }

  /**
   * Throws IN_DOUBT while something is in doubt.
   *
   * @throws RunnerException IN_DOUBT
   */
  public void requireNoDoubt() {
    try (Disk.Dir home = disk.open(workspace.path())) {
      doubt.requireNone(home);
    }
  }

  /** A sync of something that the log speaks of failed: nothing is written until it is settled. */
  public void raiseDoubt(String why) {
    doubt.raise(why);
  }

  /**
   * Writes the log anew, so that what it holds is on the disk, and lets writing go on. For a person
   * who has looked at the disk.
   */
  public synchronized void settleDoubt() {
    try (Disk.Dir home = disk.open(workspace.path());
        Disk.Dir dir = Directories.openOrMake(disk, home, DIRECTORY);
        Disk.DiskFile lock = openOrCreate(dir, LOCK)) {
      lock(lock);
      Optional<String> why = doubt.standing(home);
      if (disk.stat(dir, FILE).isPresent()) {
        doubt.writeAnew(dir, FILE);
      }
      doubt.settle(home);
      knownSize = -1;
      if (why.isPresent()) {
        try (Disk.DiskFile file = openOrCreate(dir, FILE)) {
          catchUp(home, dir, file);
          var _ = write(file, "doubt-settled", CanonicalJson.object().put("why", why.get()));
          disk.fdatasync(file);
        }
      }
    }
  }

  /**
   * Signs the head of the log, so that whoever kept the checkpoint can prove a later change. The
   * checkpoint before is checked first: each vouches for all before it.
   *
   * @throws RunnerException INTEGRITY if that one is not ours, or not about this log
   */
  public AuditRecord checkpoint() {
    SigningKey key = signing();
    requireVouched();
    Head now = head;
    ObjectNode payload = CanonicalJson.object();
    payload.put("workspace", workspace.id()).put("seq", now.seq()).put("hash", now.hash().hex());
    // Nothing rests on it: a power cut that takes it leaves a log with one signature less.
    AuditRecord signed = appendLazily("checkpoint", key.sign(payload));
    vouched = signed.hash();
    return signed;
  }

  /**
   * A signature by the key that signs checkpoints.
   *
   * @param publicKey as X.509 has it
   */
  public record Signed(Bytes publicKey, Bytes signature) {}

  /** The key that signs here, as X.509 has it; made if there is none yet. */
  public Bytes publicKey() {
    return signing().publicKey();
  }

  /**
   * Signs bytes that are no JSON object, and so can be no checkpoint.
   *
   * @throws IllegalArgumentException for bytes that could be
   */
  public Signed sign(Bytes bytes) {
    if (bytes.length() == 0 || bytes.at(0) == '{') {
      throw new IllegalArgumentException("this could be a checkpoint");
    }
    return signing().sign(bytes);
  }

  private synchronized SigningKey signing() {
    SigningKey key = signing;
    if (key == null) {
      key = new SigningKey(layout);
      signing = key;
    }
    return key;
  }

  /**
   * The last checkpoint must be ours and about this log, or no transaction begins: afterwards none
   * could be signed. A signature that this process made or checked is not checked again: its record
   * is the same.
   *
   * @throws RunnerException INTEGRITY if it is not
   */
  public void requireVouched() {
    long[] signed = {-1};
    List<AuditRecord> records =
        since(r -> {
          if (signed[0] < 0 && r.type().equals("checkpoint")) {
            signed[0] = r.payload().path("seq").asLong();
          }
          return signed[0] >= 0 && r.seq() <= signed[0];
        });
    if (signed[0] < 0) {
      return; // the first one
    }
    AuditRecord last =
        records.reversed().stream()
            .filter(r -> r.type().equals("checkpoint"))
            .findFirst()
            .orElseThrow();
    boolean about = last.payload().path("hash").asText().equals(records.getFirst().hash().hex());
    if (!about || !(last.hash().equals(vouched) || new SigningKey(layout).verify(last.payload()))) {
      throw RunnerException.of(
              FailureCode.INTEGRITY, "the last checkpoint of the audit log does not verify")
          .note("nothing is signed on top of it, and nothing was changed")
          .help("see `tarscli audit verify`; restore the log from a backup");
    }
  }

  /** Checks the whole log; see {@link AuditVerification}. */
  public AuditVerification verify(Optional<ObjectNode> anchor) {
    AuditVerification quick = verify(anchor, false);
    return quick.problem().isEmpty() ? quick : verify(anchor, true);
  }

  private AuditVerification verify(Optional<ObjectNode> anchor, boolean everySignature) {
    LogVerifier verifier = new LogVerifier(new SigningKey(layout), workspace.id());
    return reader
        .forward(lines -> verifier.verify(Optional.of(lines), anchor, everySignature))
        .orElseGet(() -> verifier.verify(Optional.empty(), anchor, everySignature));
  }
}
