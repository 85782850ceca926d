package dev.tars.runner.run;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.run.bench.Workbench;

/** Another person can approve only what that person can reach. */
final class SharedState {
  private SharedState() {}

  /** Throws CONFIG_INVALID if others may have to approve in a state directory of one user's own. */
  static void require(Workbench bench, EffectivePolicy policy, RunOptions options) {
    if (options.dryRun()
        || !policy.approval().mayNeedAnother(bench.user())
        || bench.layout().isShared()) {
      return;
    }
    throw RunnerException.of(
            FailureCode.CONFIG_INVALID,
            "the policy may ask another person to approve, who cannot reach the state directory")
        .at(Escape.line(bench.layout().root().toString()))
        .note("it must belong to a group of the people who run and approve, mode 2770")
        .note("nothing has run")
        .help("make one: `install -d -m 2770 -g GROUP DIR`, and name it with --state-dir");
  }
}
