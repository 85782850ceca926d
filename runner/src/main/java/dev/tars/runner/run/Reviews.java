package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.store.ContextDir;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code execute review --approve|--reject}. */
public final class Reviews {
  private final Workbench bench;

  public Reviews(Workbench bench) {
    this.bench = bench;
  }

  /**
   * What a person said.
   *
   * @param overrides gates that failed and that the person lets pass; only with an approval
   */
  public record Answer(boolean approve, String comment, List<String> overrides) {
    public Answer {
      overrides = List.copyOf(overrides);
    }
  }

  /** Records the answer and follows it. */
  public Execution.Ended review(
      ContextDir dir, Answer answer, Duration lockWait, RunContext.EventListener listener) {
    try (RunnerLock _ = RunnerLock.take(bench.layout().disk(), dir)) {
      RunContext context = RunContext.open(dir, bench.clock(), listener);
      requireThisWorkspace(context);
      ContextState before = context.state();
      bench.layout().markRunning(dir.id()); // an after-check may run boxes
      try {
        String option = context.text("policyOption");
        EffectivePolicy policy =
            bench
                .policies()
                .load(option.isEmpty() ? Optional.empty() : Optional.of(option))
                .narrowedBy(Permissions.read(context.document().path("permissions")));
        bench.audit().get().alsoRedact(policy.audit()::redacted);
        new Promotions(bench, context).review(policy, answer, lockWait);
        return new Execution.Ended(context, Optional.empty());
      } catch (RunnerException e) {
        end(context, before, e);
        return new Execution.Ended(context, Optional.of(e));
      } finally {
        bench.layout().unmarkRunning(dir.id());
      }
    }
  }

  private void requireThisWorkspace(RunContext context) {
    if (!context.text("workspace").equals(bench.workspace().toString())) {
      throw RunnerException.of(FailureCode.USAGE, context.id() + " belongs to another workspace")
          .at(dev.tars.runner.model.Escape.line(context.text("workspace")))
          .help("name it with --workspace");
    }
  }

  private static void end(RunContext context, ContextState before, RunnerException e) {
    ObjectNode failure = JsonNodeFactory.instance.objectNode();
    failure.put("code", e.code().id()).put("what", String.valueOf(e.getMessage()));
    context.edit().set("failure", failure);
    Told next = new Told(e.help(), e.briefly().help());
    switch (e.code()) {
      case ROLLBACK_INCOMPLETE ->
          context.end(ContextState.ROLLBACK_INCOMPLETE, e.code().exitCode(), next);
      case GATE_FAILED ->
          context.end(
              context.state() == ContextState.VALIDATING
                  ? ContextState.FAILED // judged again on a workspace that moved
                  : context.text("rolledBack").equals("true")
                      ? ContextState.ROLLED_BACK
                      : ContextState.PROMOTED,
              e.code().exitCode(),
              next);
      case REJECTED -> context.end(ContextState.REJECTED, e.code().exitCode(), next);
      case STALE -> {
        if (before == ContextState.AWAITING_APPROVAL) {
          context.end(ContextState.STALE, e.code().exitCode(), next);
        }
      }
      case IN_DOUBT, INTEGRITY -> context.end(ContextState.FAILED, e.code().exitCode(), next);
      default -> {
        // Nothing came of it: the context still waits, as it did before.
        if (context.state() != before) {
          context.end(before, FailureCode.APPROVAL_NEEDED.exitCode(), next);
        }
      }
    }
  }
}
