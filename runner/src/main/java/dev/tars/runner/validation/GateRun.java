package dev.tars.runner.validation;

import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.validation.tests.Reports;
import java.util.List;

/**
 * One run of a gate's command in the clean room: all that the host saw of it.
 *
 * @param touched what it changed outside scratch and ignored paths: escaped paths
 * @param located what it says of places in the workspace, if it is red
 */
public record GateRun(
    SandboxOutcome outcome, Reports reports, List<String> touched, Located located) {
  public GateRun {
    touched = List.copyOf(touched);
  }

  /** One that says nothing of places. */
  public GateRun(SandboxOutcome outcome, Reports reports, List<String> touched) {
    this(outcome, reports, touched, Located.NONE);
  }
}
