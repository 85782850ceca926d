package dev.tars.cli;

import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Escape;
import java.time.Duration;
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
  public void onEvent(ContextEvent event) {
    if (announce) {
      announce = false;
      cli.out().println(Detached.ANNOUNCE + event.context());
      cli.flush();
    }
    String text = line(event);
    if (!text.isEmpty()) {
      cli.note(text);
    }
  }

  static String line(ContextEvent event) {
    return switch (event.what()) {
      case ContextEvent.Entered entered -> "· " + entered.state().id();
      case ContextEvent.StepEnded step when !step.again() ->
          "  step "
              + outcome(step.step(), State.word(step.result()), step.elapsed(), step.reason());
      case ContextEvent.GateStarted gate ->
          "  gate " + Escape.line(gate.gate()) + " runs (" + gate.phase() + ")";
      case ContextEvent.GateEnded gate ->
          "  gate "
              + outcome(
                  gate.gate(), State.word(gate.result()), gate.elapsed(), gate.reason().full());
      case ContextEvent.Note note -> "  " + Escape.line(note.text().full());
      case ContextEvent.Promoted promoted -> "  promoted as " + promoted.transaction();
      case ContextEvent.PatchWritten written ->
          "  promoted as " + Escape.line(written.patch().file());
      case ContextEvent.StepStarted _, ContextEvent.StepEnded _, ContextEvent.Unreadable _ -> "";
    };
  }

  private static String outcome(String name, String result, Duration elapsed, String reason) {
    return String.format(
        Locale.ROOT,
        "%s: %s (%.1f s)%s",
        Escape.line(name),
        result,
        elapsed.toMillis() / 1000.0,
        reason.isEmpty() ? "" : " – " + Escape.line(reason));
  }
}
