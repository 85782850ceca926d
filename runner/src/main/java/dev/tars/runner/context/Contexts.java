package dev.tars.runner.context;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.ChangeStats;
import dev.tars.runner.workspace.PatchWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what contexts left on disk, as its reader is told it: the runner all of it, a user what the
 * policy of each run lets that user be told. Changes nothing but for asking a run to stop. Safe for
 * any thread.
 */
public final class Contexts {
  static final String AGAIN =
      "run the improvement again; `tarscli audit show` says what the run did";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StoreLayout layout;
  private final Optional<String> reader;
  private final Successor successor;

  public Contexts(StoreLayout layout) {
    this(layout, Optional.empty(), record -> record);
  }

  private Contexts(StoreLayout layout, Optional<String> reader, Successor successor) {
    this.layout = layout;
    this.reader = reader;
    this.successor = successor;
  }

  /** The same as a user of the operating system is told it; see {@link Telling}. */
  public Contexts toldTo(String user) {
    return new Contexts(layout, Optional.of(user), successor);
  }

  /** The same with somebody who knows what became of a run whose process is gone. */
  public Contexts succeededBy(Successor knows) {
    return new Contexts(layout, reader, knows);
  }

  /** Knows what became of a run whose process died before it could say it. */
  @FunctionalInterface
  public interface Successor {
    /**
     * @param record as its process left it
     * @return what is so; the same record if nothing more is known
     */
    ContextRecord after(ContextRecord record);
  }

  /** What the reader is told of a context. */
  public Telling telling(ContextDir dir) {
    return Telling.of(kept(dir).origin().policy().explain(), reader);
  }

  /**
   * Every context, the newest last.
   *
   * @param damaged is told what is wrong with each that cannot be read; it hides no other
   */
  @PublicApi
  public List<ContextRecord> all(Consumer<Damaged> damaged) {
    List<ContextRecord> records = new ArrayList<>();
    for (ContextId id : layout.contexts()) {
      try {
        ContextDir dir = layout.context(id);
        if (dir.has(ContextFiles.CONTEXT)) {
          records.add(record(dir));
        }
      } catch (RunnerException | DiskException e) {
        if (layout.contexts().contains(id)) { // else it was collected meanwhile
          damaged.accept(new Damaged(id, said(e)));
        }
      }
    }
    return records;
  }

  private static RunnerException said(RuntimeException e) {
    return e instanceof RunnerException known
        ? known
        : RunnerException.of(FailureCode.IO_FAILED, Escape.line(String.valueOf(e.getMessage())))
            .cause(e)
            .help("put right what stands there");
  }

  /** A context that cannot be read, and why. */
  @PublicApi
  public record Damaged(ContextId id, RunnerException why) {}

  /**
   * One context; a state whose process is gone becomes {@code lost}.
   *
   * @param id {@code CTX-n} or {@code last}
   * @throws RunnerException NOT_FOUND, INTEGRITY
   */
  @PublicApi
  public ContextRecord record(String id) {
    return record(dir(id));
  }

  /** The same by its directory. */
  public ContextRecord record(ContextDir dir) {
    ContextRecord record = kept(dir);
    Optional<JudgedVerdict> _ = KeptVerdict.read(dir, record);
    Telling telling = Telling.of(record.origin().policy().explain(), reader);
    boolean gone =
        (record.isWorking() || layout.isMarkedRunning(dir.id()))
            && !RunnerLock.isHeld(layout.disk(), dir);
    if (!gone) {
      return telling.tell(record);
    }
    ContextRecord after = successor.after(record);
    return telling.tell(after.isWorking() ? after.lost() : after);
  }

  /** The id of every context that has a record, the newest last. */
  @PublicApi
  public List<String> ids() {
    return layout.contexts().stream()
        .filter(id -> layout.context(id).has(ContextFiles.CONTEXT))
        .map(ContextId::text)
        .toList();
  }

  /** True if a process works on it now. */
  public boolean isAlive(ContextDir dir) {
    return RunnerLock.isHeld(layout.disk(), dir);
  }

  /** True if its layer was kept on purpose. */
  public boolean isKept(ContextDir dir) {
    return dir.has(ContextFiles.CONTEXT) && kept(dir).evidence().layer().isPresent();
  }

  /**
   * Gives the events after a position to {@code each}; a line that is still being written is left
   * for later.
   *
   * @param from 0, or what was returned before
   * @return where to go on
   */
  @PublicApi
  public long events(String id, long from, Consumer<ContextEvent> each) {
    ContextDir dir = dir(id);
    Telling telling = reader.isEmpty() ? Telling.WHOLE : telling(dir);
    return EventLog.read(layout.disk(), dir, from, event -> each.accept(telling.tell(event)));
  }

  /** The paths of a change set with how much of each changed, in the order of the change set. */
  @PublicApi
  public List<FileChange> files(String id) {
    return changeSet(dir(id)).changes().stream()
        .map(c -> new FileChange(c.path(), c.operation(), lines(c)))
        .toList();
  }

  /** How much of one path changed. */
  public ChangeStats.Lines lines(Change change) {
    return ChangeStats.Lines.of(change, layout.objects());
  }

  /** Writes some paths of the change set as a patch, in the order given. */
  @PublicApi
  public void diff(String id, List<RelativePath> paths, OutputStream out) {
    Map<RelativePath, Change> changes = new HashMap<>();
    ChangeSet all = changeSet(dir(id));
    all.changes().forEach(change -> changes.put(change.path(), change));
    try {
      for (RelativePath path : paths) {
        ChangeSet one =
            new ChangeSet(all.baseDigest(), List.of(changes.get(path)), List.of(), List.of());
        PatchWriter.write(one, layout.objects(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the change set as a patch. */
  @PublicApi
  public void diff(String id, OutputStream out) {
    ContextDir dir = dir(id);
    try {
      PatchWriter.write(changeSet(dir), layout.objects(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A change set that was promoted as a file. */
  @PublicApi
  public record Patch(String name, Bytes content) {}

  /** The patch that a context was promoted as; its name is never taken from the document. */
  @PublicApi
  public Optional<Patch> patch(String id) {
    ContextDir dir = dir(id);
    if (kept(dir).results().patch().isEmpty()) {
      return Optional.empty();
    }
    String name = ContextFiles.patch(ChangeSets.digest(changeSet(dir)));
    return dir.has(name)
        ? Optional.of(new Patch(name, Bytes.of(dir.read(name))))
        : Optional.empty();
  }

  /** The signed statement of a context, if its policy asked for one. */
  @PublicApi
  public Optional<Bytes> attestation(String id) {
    ContextDir dir = dir(id);
    return dir.has(ContextFiles.ATTESTATION)
        ? Optional.of(Bytes.of(dir.read(ContextFiles.ATTESTATION)))
        : Optional.empty();
  }

  /** The change set of a context. */
  public ChangeSet changes(String id) {
    ContextDir dir = dir(id);
    return telling(dir).tell(changeSet(dir));
  }

  /** The change set as it is kept; its digest is the one that the record names. */
  public ChangeSet changeSet(ContextDir dir) {
    if (!dir.has(ContextFiles.CHANGE_SET)) {
      throw RunnerException.of(FailureCode.NOT_FOUND, dir.id() + " has no change set")
          .note("its steps did not come to an end")
          .help("see why with `tarscli execute status --context-id " + dir.id() + "`");
    }
    try {
      ChangeSet kept =
          ChangeSets.fromJson((ObjectNode) JSON.readTree(dir.read(ContextFiles.CHANGE_SET)));
      requireNamed(dir, kept);
      return kept;
    } catch (IOException | ClassCastException | IllegalArgumentException e) {
      throw RunnerException.of(
              FailureCode.INTEGRITY, "the change set of " + dir.id() + " is damaged")
          .at(Escape.line(dir.path().resolve(ContextFiles.CHANGE_SET).toString()))
          .note(Escape.line(String.valueOf(e.getMessage()).lines().findFirst().orElse("")))
          .cause(e)
          .help(AGAIN);
    }
  }

  /** While a run goes on its document is behind its change set. */
  private void requireNamed(ContextDir dir, ChangeSet kept) {
    ContextRecord record = kept(dir);
    Optional<Digest> named = record.evidence().changes().map(Evidence.ChangeSummary::digest);
    if (!record.isWorking() && !named.equals(Optional.of(ChangeSets.digest(kept)))) {
      throw new IllegalArgumentException("it is not the one that context.json names");
    }
  }

  /** The verdict of a context, as the reader is told it; empty if it has none yet. */
  public Optional<JudgedVerdict> verdict(ContextDir dir) {
    ContextRecord record = kept(dir);
    return KeptVerdict.read(dir, record).map(telling(dir)::tell);
  }

  private static ContextRecord kept(ContextDir dir) {
    return RunContext.read(dir);
  }

  /** Copies what the steps and gates printed. */
  public void logs(String id, Optional<String> step, OutputStream out) {
    ContextDir dir = dir(id);
    if (!new StepLogs(layout.disk(), dir).copy(step, out) && step.isPresent()) {
      throw noOutput(dir, step.get());
    }
  }

  /** What the steps and gates printed, in the order of their names. */
  @PublicApi
  public List<StepLog> logs(String id, Optional<String> step) {
    ContextDir dir = dir(id);
    List<StepLog> logs = new StepLogs(layout.disk(), dir).all(step);
    if (logs.isEmpty() && step.isPresent()) {
      throw noOutput(dir, step.get());
    }
    return logs;
  }

  private static RunnerException noOutput(ContextDir dir, String step) {
    return RunnerException.of(
            FailureCode.NOT_FOUND,
            dir.id() + " has no output of a step or gate " + Escape.line(step))
        .help("see all of it with `tarscli execute logs --context-id " + dir.id() + "`");
  }

  /** Asks a running context to stop; returns a sentence on what will happen. */
  @PublicApi
  public String cancel(String id) {
    ContextDir dir = dir(id);
    ContextRecord record = record(dir);
    if (!record.isWorking()) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              dir.id() + " does not run; its state is " + record.state().id())
          .help("see all contexts with `tarscli execute status`");
    }
    dir.write(Cancellation.FILE, Bytes.utf8("cancel\n").toArray());
    return dir.id() + " was asked to stop";
  }

  /** The directory of {@code CTX-n} or of the newest context. */
  public ContextDir dir(String id) {
    if (id.equals("last")) {
      return layout.context(
          layout
              .lastContext()
              .orElseThrow(() ->
                  new RunnerException(
                      FailureCode.NOT_FOUND,
                      "there is no context yet",
                      "run `tarscli execute improvement --id ID` first")));
    }
    try {
      return layout.context(new ContextId(id));
    } catch (IllegalArgumentException e) {
      throw RunnerException.of(FailureCode.NOT_FOUND, String.valueOf(e.getMessage()))
          .cause(e)
          .help("list the contexts with `tarscli execute status`");
    }
  }
}
