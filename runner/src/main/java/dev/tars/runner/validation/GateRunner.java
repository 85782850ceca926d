package dev.tars.runner.validation;

import dev.tars.runner.policy.Gate;
import dev.tars.runner.validation.control.PlantedFile;
import dev.tars.runner.workspace.ChangeSet;
import java.util.List;
import java.util.Optional;

/** A gate of the policy as a job for the clean room. */
record GateRunner(CleanRoom room, ValidationProgress progress) {

  GateRun run(Gate.Tests gate, String phase, Optional<ChangeSet> content) {
    return run(
        new CleanRoom.Job(gate.id(), phase, content, gate.argv(), gate.timeout(), gate.reports()));
  }

  GateRun run(Gate.Command gate, ChangeSet content) {
    return run(
        new CleanRoom.Job(
            gate.id(), "after", Optional.of(content), gate.argv(), gate.timeout(), List.of()));
  }

  /** A run with planted files on top. */
  GateRun run(
      Gate.Tests gate, String phase, Optional<ChangeSet> content, List<PlantedFile> planted) {
    return run(
        new CleanRoom.Job(gate.id(), phase, content, gate.argv(), gate.timeout(), gate.reports())
            .with(planted));
  }

  private GateRun run(CleanRoom.Job job) {
    progress.started(job.gate(), job.phase());
    GateRun run = room.run(job);
    progress.ran(job.gate(), job.phase(), run);
    return run;
  }
}
