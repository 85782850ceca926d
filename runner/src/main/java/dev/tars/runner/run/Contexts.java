package dev.tars.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.PlanPermissions;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.PatchWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reading what contexts left on disk. Changes nothing but for asking a run to stop. */
public final class Contexts {
  static final String AGAIN =
      "run the improvement again; `tarscli audit show` says what the run did";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StoreLayout layout;
  private final Clock clock;
  private final Optional<String> reader;

  public Contexts(StoreLayout layout, Clock clock) {
    this(layout, clock, Optional.empty());
  }

  private Contexts(StoreLayout layout, Clock clock, Optional<String> reader) {
    this.layout = layout;
    this.clock = clock;
    this.reader = reader;
  }

  /** The same as a user of the operating system is told it; see {@link Telling}. */
  public Contexts toldTo(String user) {
    return new Contexts(layout, clock, Optional.of(user));
  }

  /** What the reader is told of a context. */
  public Telling telling(ContextDir dir) {
    return Telling.of(RunContext.open(dir, clock, event -> {}).document(), reader);
  }

  /**
   * Every context's document, the newest last.
   *
   * @param damaged is told what is wrong with each that cannot be read; it hides no other
   */
  public List<ObjectNode> all(Consumer<Damaged> damaged) {
    List<ObjectNode> documents = new ArrayList<>();
    for (ContextId id : layout.contexts()) {
      try {
        ContextDir dir = layout.context(id);
        if (dir.has("context.json")) {
          documents.add(document(dir));
        }
      } catch (RunnerException | DiskException e) {
        if (layout.contexts().contains(id)) { // else it was collected meanwhile
          damaged.accept(new Damaged(id, said(e)));
        }
      }
    }
    return documents;
  }

  private static RunnerException said(RuntimeException e) {
    return e instanceof RunnerException known
        ? known
        : RunnerException.of(FailureCode.IO_FAILED, Escape.line(String.valueOf(e.getMessage())))
            .cause(e)
            .help("put right what stands there");
  }

  /** A context that cannot be read, and why. */
  public record Damaged(ContextId id, RunnerException why) {}

  /**
   * The document of one context; a state whose process is gone becomes {@code lost}.
   *
   * @param id {@code CTX-n} or {@code last}
   */
  public ObjectNode document(String id) {
    return document(dir(id));
  }

  /** The document of a context. */
  public ObjectNode document(ContextDir dir) {
    ObjectNode document = kept(dir);
    Optional<ObjectNode> _ = KeptVerdict.read(dir, document, !isRunning(document));
    if (isRunning(document) && !RunnerLock.isHeld(layout.disk(), dir)) {
      document.put("state", ContextState.LOST.id());
      document.put("exitCode", FailureCode.ENGINE_LOST.exitCode());
      Told.plain("its process died; `tarscli execute recover`, then run it again")
          .into(document, "next");
    }
    return reader.isEmpty() ? document : Telling.of(document, reader).tell(document);
  }

  /** Every context that has a document, the newest last. */
  public List<String> ids() {
    return layout.contexts().stream()
        .filter(id -> layout.context(id).has("context.json"))
        .map(ContextId::text)
        .toList();
  }

  /** What the plan of a context said that it needs. */
  public Optional<PlanPermissions> permissions(JsonNode document) {
    return Optional.of(document.path("permissions"))
        .filter(JsonNode::isObject)
        .map(Permissions::read);
  }

  /** True while a process works on it. */
  public boolean isRunning(JsonNode document) {
    return ContextState.of(document.path("state").asText()).needsRunner();
  }

  /** True if a process works on it now. */
  public boolean isAlive(ContextDir dir) {
    return RunnerLock.isHeld(layout.disk(), dir);
  }

  /** True if its layer was kept on purpose. */
  public boolean isKept(ContextDir dir) {
    return dir.has("context.json")
        && !RunContext.open(dir, clock, event -> {}).text("layer").isEmpty();
  }

  /** The evidence in one document: html, markdown, json, junit or sarif. */
  public String report(String id, String type) {
    return new Reports(this, layout).write(dir(id), type);
  }

  /**
   * Gives the events after a position to {@code each}; a line that is still being written is left
   * for later.
   *
   * @param from 0, or what was returned before
   * @return where to go on
   */
  public long events(String id, long from, Consumer<ObjectNode> each) {
    ContextDir dir = dir(id);
    Telling telling = reader.isEmpty() ? Telling.WHOLE : telling(dir);
    return EventLog.read(
        layout.disk(),
        dir,
        from,
        event -> each.accept(reader.isEmpty() ? event : telling.tell(event)));
  }

  /** Writes the change set as a patch. */
  public void diff(String id, OutputStream out) {
    ContextDir dir = dir(id);
    try {
      PatchWriter.write(changeSet(dir), layout.objects(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A change set that was promoted as a file. */
  public record Patch(String name, Bytes content) {}

  /** The patch that a context was promoted as; its name is never taken from the document. */
  public Optional<Patch> patch(String id) {
    ContextDir dir = dir(id);
    if (!document(dir).has("patch")) {
      return Optional.empty();
    }
    String name = PatchFile.name(ChangeSets.digest(changeSet(dir)));
    return dir.has(name)
        ? Optional.of(new Patch(name, Bytes.of(dir.read(name))))
        : Optional.empty();
  }

  /** The signed statement of a context, if its policy asked for one. */
  public Optional<Bytes> attestation(String id) {
    ContextDir dir = dir(id);
    return dir.has(Attestation.FILE)
        ? Optional.of(Bytes.of(dir.read(Attestation.FILE)))
        : Optional.empty();
  }

  /** The paths of the change set, as {@code tars.changes/v1}. */
  public JsonNode changes(String id) {
    ContextDir dir = dir(id);
    return telling(dir).tell(ChangeSets.toJson(changeSet(dir)));
  }

  ChangeSet changeSet(ContextDir dir) {
    if (!dir.has("changeset.json")) {
      throw RunnerException.of(FailureCode.NOT_FOUND, dir.id() + " has no change set")
          .note("its steps did not come to an end")
          .help("see why with `tarscli execute status --context-id " + dir.id() + "`");
    }
    try {
      ChangeSet kept = ChangeSets.fromJson((ObjectNode) JSON.readTree(dir.read("changeset.json")));
      requireNamed(dir, kept);
      return kept;
    } catch (IOException | ClassCastException | IllegalArgumentException e) {
      throw RunnerException.of(
              FailureCode.INTEGRITY, "the change set of " + dir.id() + " is damaged")
          .at(Escape.line(dir.path().resolve("changeset.json").toString()))
          .note(Escape.line(String.valueOf(e.getMessage()).lines().findFirst().orElse("")))
          .cause(e)
          .help(AGAIN);
    }
  }

  /** While a run goes on its document is behind its change set. */
  private void requireNamed(ContextDir dir, ChangeSet kept) {
    ObjectNode document = kept(dir);
    JsonNode named = document.path("changeSet").path("digest");
    if (!isRunning(document) && !named.asText().equals(ChangeSets.digest(kept).toString())) {
      throw new IllegalArgumentException("it is not the one that context.json names");
    }
  }

  /** The verdict as it is kept. */
  Optional<ObjectNode> verdict(ContextDir dir) {
    ObjectNode document = kept(dir);
    return KeptVerdict.read(dir, document, !isRunning(document));
  }

  /** The document as it is kept. */
  ObjectNode kept(ContextDir dir) {
    return RunContext.open(dir, clock, event -> {}).document();
  }

  /** Copies what the steps and gates printed. */
  public void logs(String id, Optional<String> step, OutputStream out) {
    ContextDir dir = dir(id);
    if (!new StepLogs(layout.disk(), dir).copy(step, out) && step.isPresent()) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              dir.id() + " has no output of a step or gate " + Escape.line(step.get()))
          .help("see all of it with `tarscli execute logs --context-id " + dir.id() + "`");
    }
  }

  /** Asks a running context to stop; returns a sentence on what will happen. */
  public String cancel(String id) {
    ContextDir dir = dir(id);
    ObjectNode document = document(dir);
    if (!isRunning(document)) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              dir.id() + " does not run; its state is " + document.path("state").asText())
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
