package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import dev.tars.runner.run.RunContext;
import java.util.Locale;

/** One line on standard error for each event of a run; no animation. */
final class ProgressLines implements RunContext.EventListener {
  private final Cli cli;
  private boolean announce;

  ProgressLines(Cli cli) {
    this(cli, false);
  }

  /** With {@code announce} the context's id is the first line on standard output. */
  ProgressLines(Cli cli, boolean announce) {
    this.cli = cli;
    this.announce = announce;
  }

  @Override
  public void onEvent(ObjectNode event) {
    if (announce) {
      announce = false;
      cli.out().println(Detached.ANNOUNCE + event.path("context").asText());
      cli.flush();
    }
    String text = line(event);
    if (!text.isEmpty()) {
      cli.note(text);
    }
  }

  static String line(ObjectNode event) {
    return switch (event.path("type").asText()) {
      case "state" -> "· " + event.path("state").asText();
      case "step" -> "  step " + outcome(event, "step");
      case "gate-started" ->
          "  gate "
              + Escape.line(event.path("gate").asText())
              + " runs ("
              + event.path("phase").asText("after")
              + ")";
      case "gate" -> "  gate " + outcome(event, "gate");
      case "note" -> "  " + Escape.line(event.path("text").asText());
      case "promoted" -> "  promoted as " + event.path("transaction").asText();
      case "patch" -> "  promoted as " + Escape.line(event.path("file").asText());
      case "rolled-back" -> "  rolled back by " + event.path("transaction").asText();
      default -> "";
    };
  }

  private static String outcome(ObjectNode event, String field) {
    String reason = event.path("reason").asText("");
    return String.format(
        Locale.ROOT,
        "%s: %s (%.1f s)%s",
        Escape.line(event.path(field).asText()),
        event.path("result").asText(),
        event.path("millis").asLong() / 1000.0,
        reason.isEmpty() ? "" : " – " + Escape.line(reason));
  }
}
