package dev.tars.runner.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.decisions.DecisionLog;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.store.ContextDir;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;

/**
 * One execution context: its document {@code context.json} ({@code tars.context/v1}) and its event
 * log {@code events.jsonl}. Every change of state is published before the work it announces begins.
 */
public final class RunContext {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DOCUMENT = "context.json";

  private final ContextDir dir;
  private final ObjectNode document;
  private final Clock clock;
  private final EventListener listener;
  private final DecisionLog decisions = new DecisionLog();
  private long sequence;

  private RunContext(ContextDir dir, ObjectNode document, Clock clock, EventListener listener) {
    this.dir = dir;
    this.document = document;
    this.clock = clock;
    this.listener = listener;
  }

  /** Starts the document of a new context in state {@code planned}. */
  static RunContext create(ContextDir dir, ObjectNode facts, Clock clock, EventListener listener) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("schema", "tars.context/v1").put("contextId", dir.id().text());
    document.setAll(facts);
    document.put("createdAt", clock.instant().toString());
    RunContext context = new RunContext(dir, document, clock, listener);
    context.enter(ContextState.PLANNED);
    return context;
  }

  /**
   * Opens the document of an existing context.
   *
   * @throws RunnerException NOT_FOUND if there is none, INTEGRITY if it is not what we write
   */
  public static RunContext open(ContextDir dir, Clock clock, EventListener listener) {
    if (!dir.has(DOCUMENT)) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "context " + dir.id() + " has no document")
          .note("its process died before it wrote anything")
          .help("list the contexts with `tarscli execute status`");
    }
    try {
      ObjectNode document = (ObjectNode) JSON.readTree(dir.read(DOCUMENT));
      ContextShape.require(document, dir.id());
      RunContext context = new RunContext(dir, document, clock, listener);
      context.sequence = document.path("lastEvent").asLong(0);
      return context;
    } catch (IOException | ClassCastException | IllegalArgumentException e) {
      throw damaged(dir, e);
    }
  }

  private static RunnerException damaged(ContextDir dir, Exception why) {
    return RunnerException.of(FailureCode.INTEGRITY, "context.json of " + dir.id() + " is damaged")
        .at(Escape.line(dir.path().resolve(DOCUMENT).toString()))
        .note(
            why instanceof IllegalArgumentException
                ? Escape.line(why(why))
                : "it is no JSON object")
        .cause(why)
        .help("move the context's directory away; the audit log still holds what it did");
  }

  private static String why(Exception e) {
    return String.valueOf(e.getMessage());
  }

  /** The tree that the steps began with. */
  Digest baseline() {
    try {
      return Digest.parse(text("baseDigest"));
    } catch (IllegalArgumentException e) {
      throw damaged(dir, e);
    }
  }

  public ContextId id() {
    return dir.id();
  }

  /** What this process asked the policy for this context. */
  DecisionLog decisions() {
    return decisions;
  }

  public ContextDir dir() {
    return dir;
  }

  /** A copy of the document as it would be printed. */
  public ObjectNode document() {
    return document.deepCopy();
  }

  /** The live document; call {@link #save()} after a change. */
  ObjectNode edit() {
    return document;
  }

  public String text(String field) {
    return document.path(field).asText("");
  }

  public ContextState state() {
    return ContextState.of(document.path("state").asText());
  }

  public int exitCode() {
    return document.path("exitCode").asInt(0);
  }

  void enter(ContextState state) {
    document.put("state", state.id());
    event("state", JsonNodeFactory.instance.objectNode().put("state", state.id()));
    save();
  }

  /** Ends a stage: the state, what the exit status is, and what a person can do next. */
  void end(ContextState state, int exitCode, String next) {
    end(state, exitCode, Told.plain(next));
  }

  void end(ContextState state, int exitCode, Told next) {
    document.put("exitCode", exitCode);
    next.into(document, "next");
    document.put("endedAt", clock.instant().toString());
    enter(state);
  }

  void save() {
    document.put("lastEvent", sequence);
    dir.write(DOCUMENT, line(document));
  }

  /** Appends one event and tells whoever watches. */
  void event(String type, ObjectNode payload) {
    Instant now = clock.instant();
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("seq", ++sequence).put("time", now.toString()).put("type", type);
    event.put("context", dir.id().text());
    event.setAll(payload);
    try (OutputStream out = dir.append("events.jsonl")) {
      out.write(line(event));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener.onEvent(event);
  }

  Clock clock() {
    return clock;
  }

  private static byte[] line(ObjectNode node) {
    try {
      byte[] json = JSON.writeValueAsBytes(node);
      byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always serialises", e);
    }
  }

  /** Is told every event as it is written. */
  @FunctionalInterface
  public interface EventListener {
    void onEvent(ObjectNode event);
  }
}
