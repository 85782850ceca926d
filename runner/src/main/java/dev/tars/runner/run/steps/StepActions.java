package dev.tars.runner.run.steps;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.FileImage;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.plan.StepCheck;
import dev.tars.runner.policy.Handler;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.workspace.LayerCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Does what one step says, once. */
public final class StepActions {
  private final Stage stage;
  private final CommandRunner commands;
  private final StepFacts facts;
  private final Parts parts;
  private final StepJudge judge;

  /** What steps share besides the stage. */
  public record Parts(
      LayerEdits edits,
      Backups backups,
      Notices notices,
      Map<String, Handler> handlers,
      StepUndo undo) {
    public Parts {
      handlers = Map.copyOf(handlers);
    }
  }

  public StepActions(Stage stage, CommandRunner commands, StepFacts facts, Parts parts) {
    this.stage = stage;
    this.commands = commands;
    this.facts = facts;
    this.parts = parts;
    this.judge = new StepJudge(stage.writer(), stage.room().layer(), facts);
  }

  LayerEdits edits() {
    return parts.edits();
  }

  StepFacts facts() {
    return facts;
  }

  StepResult perform(Step step) {
    Instant start = stage.clock().instant();
    return switch (step.action()) {
      case StepAction.EditFile _, StepAction.CreateFile _, StepAction.DeleteFile _ -> {
        edits().apply(step);
        yield judged(step, start);
      }
      case StepAction.BackupFiles backup -> {
        backup(step, backup);
        yield judged(step, start);
      }
      case StepAction.RestoreFiles restore -> {
        restore(step, restore);
        yield judged(step, start);
      }
      case StepAction.RollBack back -> {
        back.step().ifPresentOrElse(parts.undo()::undo, this::everything);
        yield judged(step, start);
      }
      case StepAction.RunChecks checks -> {
        edits().flush();
        StepResult own = judge.judge(step, checks.checks(), passed(step, start));
        yield judge.judge(step, step.checks(), own);
      }
      case StepAction.RunCommand run -> command(step, run);
      case StepAction.Handle handle -> command(step, lowered(handle));
      case StepAction.Notify notify -> {
        parts.notices().send(step.id(), notify);
        yield passed(step, start);
      }
      case StepAction.Approve _ -> throw new IllegalStateException("an approval is not performed");
    };
  }

  private StepResult passed(Step step, Instant start) {
    return StepResult.passed(step.id(), Duration.between(start, stage.clock().instant()));
  }

  private StepResult judged(Step step, Instant start) {
    StepResult passed = passed(step, start);
    if (step.checks().isEmpty()) {
      return passed;
    }
    edits().flush();
    return judge.judge(step, step.checks(), passed);
  }

  private void backup(Step step, StepAction.BackupFiles backup) {
    parts.backups().forget(step.id());
    for (RelativePath file : backup.files()) {
      Optional<FileImage> image = edits().now(file);
      if (image.isEmpty()) {
        throw RunnerException.of(
                FailureCode.EDIT_CONFLICT,
                file + " is not a file of the workspace (step " + step.id() + ")")
            .at(step.at())
            .note("nothing was changed")
            .help("take it out of the backup, or correct the path");
      }
      parts.backups().save(step.id(), file, image);
    }
  }

  private void restore(Step step, StepAction.RestoreFiles restore) {
    Map<RelativePath, Optional<FileImage>> kept = parts.backups().of(restore.from());
    if (kept.isEmpty()) {
      throw RunnerException.of(
              FailureCode.EDIT_CONFLICT,
              "the backup " + restore.from() + " holds nothing (step " + step.id() + ")")
          .at(step.at())
          .note("that step did not pass")
          .help("depend on it, so that this step runs only after it");
    }
    List<RelativePath> files =
        restore.files().isEmpty() ? List.copyOf(kept.keySet()) : restore.files();
    files.forEach(f -> edits().restore(f, Objects.requireNonNull(kept.get(f))));
  }

  /** The layer is empty again: every step so far is as if it had not been. */
  private void everything() {
    edits().discard();
    LayerCopy.empty(stage.room().layer());
  }

  private StepResult command(Step step, StepAction.RunCommand run) {
    edits().flush();
    SandboxOutcome outcome = commands.run(step, stage.spec(step, run));
    StepResult ended = CommandRunner.judge(step, outcome);
    return judge.judge(step, step.checks(), ended, run, outcome.observed().tail());
  }

  /**
   * A handler's command is the policy's; parameters reach it as variables and never as arguments,
   * so that no text of a plan is ever part of a command line.
   */
  private StepAction.RunCommand lowered(StepAction.Handle handle) {
    Handler handler = Objects.requireNonNull(parts.handlers().get(handle.handler()));
    Map<String, String> env = new LinkedHashMap<>();
    var json = dev.tars.runner.model.CanonicalJson.object();
    handle
        .params()
        .forEach((name, value) -> {
          env.put("TARS_PARAM_" + name.toUpperCase(Locale.ROOT).replace('-', '_'), value);
          json.put(name, value);
        });
    env.put("TARS_PARAMS", json.toString());
    return new StepAction.RunCommand(handler.argv(), RelativePath.ROOT, env, List.of(), List.of());
  }

  /** The file that a check means where it names none. */
  static RelativePath file(Step step, Optional<RelativePath> named) {
    return named.orElseGet(() ->
        switch (step.action()) {
          case StepAction.EditFile e -> e.file();
          case StepAction.CreateFile c -> c.file();
          default ->
              throw new IllegalStateException(
                  "refused at load: a check without a file in " + Escape.line(step.id()));
        });
  }

  /** True for the check that a command's exit status is judged by. */
  static boolean isExitCode(StepCheck check) {
    return check instanceof StepCheck.ExitCode;
  }
}
