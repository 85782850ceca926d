package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxOutcome.Cancelled;
import dev.tars.runner.sandbox.SandboxOutcome.DiskLimit;
import dev.tars.runner.sandbox.SandboxOutcome.Exited;
import dev.tars.runner.sandbox.SandboxOutcome.NotStarted;
import dev.tars.runner.sandbox.SandboxOutcome.OutOfMemory;
import dev.tars.runner.sandbox.SandboxOutcome.OutputLimit;
import dev.tars.runner.sandbox.SandboxOutcome.TimedOut;
import java.util.List;
import java.util.stream.Collectors;

/** How a gate's command ended, before anybody looks at reports. */
sealed interface Ending {
  /** By itself and within every limit; the exit code may still be red. */
  record Ended(int exitCode) implements Ending {}

  /** It says no, whatever the reports say. */
  record Red(FailureCode code, String reason) implements Ending {}

  /** Nothing can be said, for a reason that is not the change's. */
  record Unjudged(FailureCode code, String reason) implements Ending {}

  static Ending of(List<String> argv, GateRun run) {
    Ending ending = of(argv, run.outcome());
    if (ending instanceof Ended && !run.touched().isEmpty()) {
      return new Red(FailureCode.GATE_FAILED, touched(run.touched()));
    }
    return ending;
  }

  private static Ending of(List<String> argv, SandboxOutcome outcome) {
    return switch (outcome) {
      case Exited exited -> new Ended(exited.code());
      case TimedOut late ->
          new Red(FailureCode.TIMEOUT, "no result after " + late.limit().toSeconds() + " s");
      case OutOfMemory memory ->
          new Red(FailureCode.RESOURCE_LIMIT, "a process was killed for memory");
      case DiskLimit disk -> new Red(FailureCode.RESOURCE_LIMIT, disk.what());
      case OutputLimit output ->
          new Red(
              FailureCode.RESOURCE_LIMIT,
              "it printed " + output.observed().outputBytes() + " bytes, more than is kept");
      case NotStarted missing -> notStarted(argv, missing);
      case Cancelled cancelled -> new Unjudged(FailureCode.INTERRUPTED, "it was cancelled");
    };
  }

  /** A program of the image is the image's affair; one of the workspace may have been changed. */
  private static Ending notStarted(List<String> argv, NotStarted missing) {
    String reason = "it did not start: " + missing.reason();
    boolean ofWorkspace = argv.getFirst().contains("/") && !argv.getFirst().startsWith("/");
    return ofWorkspace
        ? new Red(FailureCode.GATE_FAILED, reason)
        : new Unjudged(FailureCode.IMAGE_REFUSED, reason);
  }

  private static String touched(List<String> paths) {
    String shown = paths.stream().limit(5).collect(Collectors.joining(", "));
    return "it changed files that are neither scratch nor ignored: "
        + shown
        + (paths.size() > 5 ? " and " + (paths.size() - 5) + " more" : "");
  }
}
