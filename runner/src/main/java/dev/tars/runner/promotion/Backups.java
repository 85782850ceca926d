package dev.tars.runner.promotion;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the transactions of one workspace need of the store. */
public final class Backups {
  private final AuditLog log;
  private final ObjectStore objects;

  public Backups(AuditLog log, ObjectStore objects) {
    this.log = log;
    this.objects = objects;
  }

  /**
   * A transaction that can be rolled back.
   *
   * @param pinned it stays whatever the store holds: a person said so, it is not settled, or bytes
   *     that a person saved are only here
   * @param objects everything that a rollback of it needs
   */
  public record Backup(
      TransactionId id, String context, Instant at, boolean pinned, Set<Digest> objects) {
    public Backup {
      objects = Set.copyOf(objects);
    }
  }

  /**
   * What is kept, oldest first.
   *
   * @param saved objects with bytes that people saved while transactions ran, or late
   */
  public record Kept(List<Backup> backups, Set<Digest> saved) {
    public Kept {
      backups = List.copyOf(backups);
      saved = Set.copyOf(saved);
    }
  }

  /** Held while nothing of a workspace may begin, whoever begins it with this state directory. */
  public static Held lock(Disk disk, WorkspaceDir workspace, Duration wait) {
    return WorkspaceLock.ofState(disk, workspace, wait)::close;
  }

  /** A lock that ends with it. */
  @FunctionalInterface
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Found {
    private String context = "";
    private Optional<Digest> manifest = Optional.empty();
    private Instant at = Instant.EPOCH;
    private boolean stands;
    private boolean open;
    private boolean pinned;
  }

  /** Reads the whole log, a record at a time. */
  public Kept kept() {
    Map<String, Found> found = new LinkedHashMap<>();
    Set<Digest> saved = new HashSet<>();
    log.forEach(record -> {
      record.payload().path("kept").forEach(hex -> saved.add(new Digest(hex.asText())));
      see(record, found);
    });
    List<Backup> backups = new ArrayList<>();
    found.forEach((id, f) -> {
      if (f.manifest.isPresent() && (f.stands || f.open)) {
        backups.add(
            new Backup(new TransactionId(id), f.context, f.at, f.pinned || f.open, needed(f)));
      }
    });
    return new Kept(backups, saved);
  }

  private static void see(AuditRecord record, Map<String, Found> found) {
    String id = record.payload().path("transaction").asText();
    Found f = id.isEmpty() ? new Found() : found.computeIfAbsent(id, k -> new Found());
    switch (record.type()) {
      case "INTENT" -> {
        f.manifest = Optional.of(Digest.parse(record.payload().path("manifest").asText()));
        f.context = record.payload().path("context").asText();
        f.at = Instant.parse(record.time());
        f.open = true;
        f.pinned = record.payload().path("binding").path("force").asBoolean();
      }
      case "COMMIT" -> {
        f.stands = true;
        f.open = false;
      }
      case "ABORT", "RESOLVE" -> f.open = false;
      case "PIN" -> f.pinned = record.payload().path("pinned").asBoolean();
      case "GC" ->
          record
              .payload()
              .path("transactions")
              .forEach(
                  t -> Optional.ofNullable(found.get(t.asText())).ifPresent(g -> g.stands = false));
      default -> {}
    }
  }

  private Set<Digest> needed(Found f) {
    Set<Digest> needed = new HashSet<>();
    Digest manifest = f.manifest.orElseThrow();
    needed.add(manifest);
    try {
      for (PathMove move : Manifest.read(objects.read(manifest, Integer.MAX_VALUE)).moves()) {
        add(move.from(), needed);
        add(move.to(), needed);
      }
    } catch (RunnerException damaged) {
      // `audit verify` says so; what is left of it stays
    }
    return needed;
  }

  private static void add(Optional<TreeEntry> entry, Set<Digest> needed) {
    if (entry.orElse(null) instanceof TreeEntry.RegularFile file) {
      needed.add(file.content());
    }
  }

  /** Says in the log that these can no longer be rolled back; what they needed may go then. */
  public void collect(List<TransactionId> ids, String because) {
    new Journal(log, objects).collect(ids.stream().map(TransactionId::text).toList(), because);
  }

  /** Keeps a transaction rollbackable whatever the store holds, or no longer. */
  public void pin(TransactionId id, boolean pinned) {
    new Journal(log, objects).pin(id, pinned);
  }
}
