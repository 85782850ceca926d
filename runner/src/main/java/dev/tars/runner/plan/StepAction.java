package dev.tars.runner.plan;

import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Glob;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a step does. */
public sealed interface StepAction {

  /** FileModification: the file must exist. */
  record EditFile(RelativePath file, Expect expect, List<PlacedEdit> edits) implements StepAction {
    public EditFile {
      edits = List.copyOf(edits);
    }
  }

  /** FileCreation: the file must not exist. The edits apply to nothing. */
  record CreateFile(RelativePath file, Expect expect, List<PlacedEdit> edits)
      implements StepAction {
    public CreateFile {
      edits = List.copyOf(edits);
    }
  }

  record DeleteFile(RelativePath file, Expect expect) implements StepAction {}

  record BackupFiles(List<RelativePath> files) implements StepAction {
    public BackupFiles {
      files = List.copyOf(files);
    }
  }

  /** {@code from} is the id of a FileBackup step; empty {@code files} means all of it. */
  record RestoreFiles(String from, List<RelativePath> files) implements StepAction {
    public RestoreFiles {
      files = List.copyOf(files);
    }
  }

  /**
   * CommandExecution, Compilation, TestExecution: one command, one container.
   *
   * @param argv with the filter of tests lowered into it
   * @param cwd below the workspace
   * @param reports JUnit XML files that the host reads afterwards; only for tests
   * @param outputs files of which the content is kept for checks
   */
  record RunCommand(
      List<String> argv,
      RelativePath cwd,
      Map<String, String> env,
      List<Glob> reports,
      List<RelativePath> outputs)
      implements StepAction {
    public RunCommand {
      argv = List.copyOf(argv);
      env = Map.copyOf(env);
      reports = List.copyOf(reports);
      outputs = List.copyOf(outputs);
    }
  }

  /** Validation. */
  record RunChecks(List<StepCheck> checks) implements StepAction {
    public RunChecks {
      checks = List.copyOf(checks);
    }
  }

  /** {@code channel} is a name that the policy defines. */
  record Notify(String channel, String message) implements StepAction {}

  /** {@code rule} is the id of an approval rule, or empty for anybody. */
  record Approve(String rule, String message) implements StepAction {}

  /**
   * The layer back to what it was.
   *
   * @param step of {@link Scope#STEP}: the step that is undone, by its own rollback if it has one
   */
  record RollBack(Scope scope, Optional<String> step) implements StepAction {
    /** How far the layer goes back. */
    public enum Scope {
      PLAN,
      STEP
    }
  }

  /** Other: a handler that the policy defines. */
  record Handle(String handler, Map<String, String> params) implements StepAction {
    public Handle {
      params = Map.copyOf(params);
    }
  }

  /** An edit and where it stands in the improvement file. */
  record PlacedEdit(FileEdit edit, SourcePosition at) {}

  /**
   * What the author believes of the file before the step.
   *
   * @param lineEnding {@code lf} or {@code crlf}
   */
  record Expect(
      Optional<Boolean> exists,
      Optional<dev.tars.runner.model.Digest> sha256,
      Optional<String> lineEnding) {
    public static final Expect NOTHING =
        new Expect(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
