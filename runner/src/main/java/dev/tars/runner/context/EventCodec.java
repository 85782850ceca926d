package dev.tars.runner.context;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextEvent.Entered;
import dev.tars.runner.context.ContextEvent.GateEnded;
import dev.tars.runner.context.ContextEvent.GateStarted;
import dev.tars.runner.context.ContextEvent.Note;
import dev.tars.runner.context.ContextEvent.PatchWritten;
import dev.tars.runner.context.ContextEvent.Promoted;
import dev.tars.runner.context.ContextEvent.StepEnded;
import dev.tars.runner.context.ContextEvent.StepStarted;
import dev.tars.runner.context.ContextEvent.Unreadable;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.plan.Step;
import dev.tars.runner.validation.GateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A line of {@code events.jsonl}. Nothing else knows how its fields are called. */
public final class EventCodec {
  private EventCodec() {}

  /** As it is printed for the reader whom the event was told to. */
  public static ObjectNode print(ContextEvent told) {
    ObjectNode node = write(told);
    Told.settle(node, false);
    return node;
  }

  static ObjectNode write(ContextEvent event) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("seq", event.seq());
    node.put("time", event.at().map(Instant::toString).orElse(""));
    node.put("type", type(event.what()));
    if (!(event.what() instanceof Unreadable)) {
      node.put("context", event.context().text());
    }
    switch (event.what()) {
      case Entered entered -> node.put("state", entered.state().id());
      case StepStarted step -> node.put("step", step.step()).put("stepType", step.type());
      case StepEnded step -> step(step, node);
      case GateStarted gate -> node.put("gate", gate.gate()).put("phase", gate.phase());
      case GateEnded gate -> {
        node.put("gate", gate.gate()).put("result", State.word(gate.result()));
        node.put("millis", gate.elapsed().toMillis());
        if (!gate.reason().full().isEmpty()) {
          gate.reason().into(node, "reason");
        }
      }
      case Note note -> note.text().into(node, "text");
      case Promoted promoted -> node.put("transaction", promoted.transaction().text());
      case PatchWritten written -> ResultsJson.patch(written.patch(), node);
      case Unreadable unreadable -> node.put("atByte", unreadable.atByte());
    }
    return node;
  }

  /** The word for what happened. */
  public static String type(ContextEvent.What what) {
    return switch (what) {
      case Entered _ -> "state";
      case StepStarted _ -> "step-started";
      case StepEnded step -> step.again() ? "step-retry" : "step";
      case GateStarted _ -> "gate-started";
      case GateEnded _ -> "gate";
      case Note _ -> "note";
      case Promoted _ -> "promoted";
      case PatchWritten _ -> "patch";
      case Unreadable _ -> "unreadable";
    };
  }

  private static void step(StepEnded step, ObjectNode node) {
    node.put("step", step.step()).put("stepType", step.type());
    node.put("result", State.word(step.result())).put("millis", step.elapsed().toMillis());
    if (!step.reason().isEmpty()) {
      node.put("reason", step.reason());
    }
    step.code().ifPresent(code -> node.put("code", code.id()));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static ContextEvent read(JsonFields fields) {
    return new ContextEvent(
        fields.number("seq"),
        Optional.of(fields.instant("time")),
        fields.parsed("context", ContextId::new, "is none"),
        what(fields));
  }

  private static ContextEvent.What what(JsonFields fields) {
    return switch (fields.text("type")) {
      case "state" -> new Entered(fields.parsed("state", ContextCodec::state, "is none of ours"));
      case "step-started" -> new StepStarted(fields.text("step"), fields.text("stepType"));
      case "step" -> step(fields, false);
      case "step-retry" -> step(fields, true);
      case "gate-started" -> new GateStarted(fields.text("gate"), fields.text("phase"));
      case "gate" ->
          new GateEnded(
              fields.text("gate"),
              fields.word("result", GateResult.Result.class),
              Duration.ofMillis(fields.number("millis")),
              fields.maybe("reason", fields::told).orElse(Told.plain("")));
      case "note" -> new Note(fields.told("text"));
      case "promoted" -> new Promoted(fields.parsed("transaction", TransactionId::new, "is none"));
      case "patch" -> new PatchWritten(ResultsJson.patch(fields));
      default -> throw fields.wrong("type", "is none of ours");
    };
  }

  private static StepEnded step(JsonFields fields, boolean again) {
    return new StepEnded(
        fields.text("step"),
        fields.text("stepType"),
        fields.word("result", Step.Result.class),
        Duration.ofMillis(fields.number("millis")),
        fields.maybeText("reason").orElse(""),
        fields.maybe("code", _ -> ResultsJson.code(fields)),
        again);
  }
}
