package dev.tars.runner.context;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.Results.ApprovalsNeeded;
import dev.tars.runner.context.Results.Failure;
import dev.tars.runner.context.Results.PatchRecord;
import dev.tars.runner.context.Results.Transaction;
import dev.tars.runner.context.Results.WaitingNotice;
import dev.tars.runner.decisions.DecisionLog;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.store.ContextDir;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One context while a process works on it: its record, kept in {@code context.json}, and its events
 * in {@code events.jsonl}. Every change of state is published before the work it announces begins;
 * what else changes is published with the next state, or by {@link #save()}.
 *
 * <p>For one thread, of the process that has the {@link RunnerLock}.
 */
public final class RunContext {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ContextDir dir;
  private final Clock clock;
  private final EventListener listener;
  private final DecisionLog decisions = new DecisionLog();
  private ContextRecord record;
  private long sequence;

  private RunContext(ContextDir dir, ContextRecord record, Clock clock, EventListener listener) {
    this.dir = dir;
    this.record = record;
    this.clock = clock;
    this.listener = listener;
    this.sequence = record.progress().lastEvent();
  }

  /** Starts the record of a new context in state {@code planned}. */
  public static RunContext create(
      ContextDir dir, Origin origin, Clock clock, EventListener listener) {
    ContextRecord.Progress progress =
        new ContextRecord.Progress(State.Working.PLANNED, 0, Told.plain(""), Optional.empty(), 0);
    ContextRecord record = new ContextRecord(origin, Evidence.NONE, progress, Results.NONE);
    RunContext context = new RunContext(dir, record, clock, listener);
    context.enter(State.Working.PLANNED);
    return context;
  }

  /**
   * Opens an existing context.
   *
   * @throws RunnerException NOT_FOUND if there is none, INTEGRITY if it is not what we write
   */
  public static RunContext open(ContextDir dir, Clock clock, EventListener listener) {
    return new RunContext(dir, read(dir), clock, listener);
  }

  /** The record as it is kept. */
  static ContextRecord read(ContextDir dir) {
    if (!dir.has(ContextFiles.CONTEXT)) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "context " + dir.id() + " has no document")
          .note("its process died before it wrote anything")
          .help("list the contexts with `tarscli execute status`");
    }
    try {
      ContextRecord record =
          ContextCodec.read(JsonFields.of(JSON.readTree(dir.read(ContextFiles.CONTEXT))));
      if (!record.id().equals(dir.id())) {
        throw new IllegalArgumentException("its contextId is that of another context");
      }
      return record;
    } catch (IOException e) {
      throw damaged(dir, new IllegalArgumentException("it is no JSON object", e));
    } catch (IllegalArgumentException e) {
      throw damaged(dir, e);
    }
  }

  private static RunnerException damaged(ContextDir dir, IllegalArgumentException why) {
    return RunnerException.of(FailureCode.INTEGRITY, "context.json of " + dir.id() + " is damaged")
        .at(Escape.line(dir.path().resolve(ContextFiles.CONTEXT).toString()))
        .note(Escape.line(String.valueOf(why.getMessage())))
        .cause(why)
        .help("move the context's directory away; the audit log still holds what it did");
  }

  public ContextRecord record() {
    return record;
  }

  public ContextId id() {
    return dir.id();
  }

  public ContextDir dir() {
    return dir;
  }

  public Clock clock() {
    return clock;
  }

  public State state() {
    return record.state();
  }

  public Origin origin() {
    return record.origin();
  }

  public String user() {
    return record.origin().place().user();
  }

  /** What this process asked the policy for this context. */
  public DecisionLog decisions() {
    return decisions;
  }

  /**
   * The tree that the steps began with.
   *
   * @throws RunnerException INTEGRITY if none is on record
   */
  public Digest baseline() {
    return record
        .evidence()
        .base()
        .orElseThrow(() -> damaged(dir, new IllegalArgumentException("its baseDigest is missing")));
  }

  // ---- what the run finds

  public void image(String id) {
    found(record.evidence().withImage(id));
  }

  public void base(Digest tree) {
    found(record.evidence().withBase(tree));
  }

  public void layerKept(String path) {
    found(record.evidence().withLayer(path));
  }

  public void steps(List<Evidence.StepRecord> steps) {
    found(record.evidence().withSteps(steps));
  }

  public void changed(Evidence.ChangeSummary summary) {
    found(record.evidence().withChanges(summary));
  }

  /** Publishes a verdict: in its own file, and in the record. */
  public void judged(JudgedVerdict verdict) {
    dir.write(ContextFiles.VERDICT, ContextCodec.verdictFile(verdict));
    found(record.evidence().withVerdict(verdict));
    save();
  }

  private void found(Evidence evidence) {
    record = new ContextRecord(record.origin(), evidence, record.progress(), record.results());
  }

  // ---- what comes of it

  public void approvals(Optional<ApprovalsNeeded> needed) {
    came(record.results().withApprovals(needed));
  }

  public void committed(TransactionId id, Transaction.Kind kind) {
    transaction(new Transaction(id, kind, Transaction.Ended.COMMITTED));
  }

  /** Takes note of a promotion that a person must settle. */
  public void conflicted(TransactionId id) {
    transaction(new Transaction(id, Transaction.Kind.PROMOTE, Transaction.Ended.CONFLICTED));
  }

  private void transaction(Transaction transaction) {
    List<Transaction> all = new ArrayList<>(record.results().transactions());
    all.add(transaction);
    came(record.results().withTransactions(all));
  }

  /** Takes note that nothing of the run stands in the workspace any more. */
  public void tookBack() {
    came(record.results().withRolledBack(true));
  }

  /** Takes note of how an error ended the run; {@link #end} follows. */
  public void failed(Failure failure) {
    came(record.results().withFailure(failure));
  }

  public void patch(PatchRecord patch) {
    came(record.results().withPatch(patch));
  }

  public void waiting(List<WaitingNotice> notices) {
    came(record.results().withWaiting(notices));
  }

  private void came(Results results) {
    record = new ContextRecord(record.origin(), record.evidence(), record.progress(), results);
  }

  // ---- states and events

  public void enter(State.Working state) {
    ContextRecord.Progress now = record.progress();
    enter(state, now.exitCode(), now.next(), now.endedAt(), record.results());
  }

  /** Ends a stage: the state, what the exit status is, and what a person can do next. */
  public void end(Ending state, int exitCode, String next) {
    end(state, exitCode, Told.plain(next));
  }

  public void end(Ending state, int exitCode, Told next) {
    Results results = record.results();
    if (state instanceof Ending.Done done) {
      results = results.withRolledBack(done == Ending.Done.ROLLED_BACK);
    }
    enter(state, exitCode, next, Optional.of(clock.instant()), results);
  }

  private void enter(
      State state, int exitCode, Told next, Optional<Instant> endedAt, Results results) {
    ContextRecord.Progress progress =
        new ContextRecord.Progress(state, exitCode, next, endedAt, sequence);
    record = new ContextRecord(record.origin(), record.evidence(), progress, results);
    event(new ContextEvent.Entered(state));
    save();
  }

  /**
   * Goes on from what the audit log proves, where the process that should have said it is gone.
   *
   * @param why a sentence for the events
   */
  public void succeed(ContextRecord proven, String why) {
    record = proven;
    note(why);
    event(new ContextEvent.Entered(proven.state()));
    save();
  }

  /** Publishes the record as it is now. */
  public void save() {
    ContextRecord.Progress now = record.progress();
    ContextRecord.Progress progress =
        new ContextRecord.Progress(
            now.state(), now.exitCode(), now.next(), now.endedAt(), sequence);
    record = new ContextRecord(record.origin(), record.evidence(), progress, record.results());
    dir.write(ContextFiles.CONTEXT, line(ContextCodec.write(record)));
  }

  public void note(String text) {
    event(new ContextEvent.Note(Told.plain(text)));
  }

  /** Appends one event and tells whoever watches. */
  public void event(ContextEvent.What what) {
    ContextEvent event = new ContextEvent(++sequence, Optional.of(clock.instant()), dir.id(), what);
    try (OutputStream out = dir.append(ContextFiles.EVENTS)) {
      out.write(line(EventCodec.write(event)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener.onEvent(event);
  }

  private static byte[] line(ObjectNode node) {
    try {
      byte[] json = JSON.writeValueAsBytes(node);
      byte[] line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always serialises", e);
    }
  }

  /** Is told every event as it is written, on the thread of the run. */
  @PublicApi
  @FunctionalInterface
  public interface EventListener {
    void onEvent(ContextEvent event);
  }
}
