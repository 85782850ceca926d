package dev.tars.runner.run;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.plan.StepCheck;
import dev.tars.runner.validation.LayerReports;
import dev.tars.runner.validation.checks.Languages;
import dev.tars.runner.validation.tests.ReportReader;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.util.List;
import java.util.Optional;

/** The checks that a step itself names. They can only fail a step, never save one. */
final class StepJudge {
  private static final long MAX_CHECKED = 16L << 20;

  private final LayerWriter writer;
  private final Layer layer;

  StepJudge(LayerWriter writer, Layer layer) {
    this.writer = writer;
    this.layer = layer;
  }

  /** {@code soFar} if it failed already, else the first check that does not hold, else it. */
  StepResult judge(Step step, List<StepCheck> checks, StepResult soFar) {
    if (soFar.isFailure()) {
      return soFar;
    }
    for (StepCheck check : checks) {
      Optional<String> problem = problem(step, check);
      if (problem.isPresent()) {
        return StepResult.failed(
            step.id(),
            FailureCode.STEP_FAILED,
            "step " + step.id() + ": " + problem.get(),
            soFar.elapsed());
      }
    }
    return soFar;
  }

  private Optional<String> problem(Step step, StepCheck check) {
    return switch (check) {
      case StepCheck.ExitCode e -> Optional.empty(); // judged with the outcome
      case StepCheck.TestsRun t -> {
        int run = tests(step).run();
        yield failIf(run < t.min(), run + " tests ran, at least " + t.min() + " must");
      }
      case StepCheck.TestsFailed t -> {
        int failed = tests(step).red();
        yield failIf(failed > t.max(), failed + " tests failed, at most " + t.max() + " may");
      }
      case StepCheck.Contains c -> {
        RelativePath file = file(step, c.file());
        yield failIf(
            !text(file).contains(c.text()),
            file + " does not contain \"" + Escape.line(c.text()) + "\"");
      }
      case StepCheck.FileExists f ->
          failIf(
              writer.entry(f.file()).isPresent() != f.expected(),
              f.file() + (f.expected() ? " does not exist" : " exists"));
      case StepCheck.Parses p -> {
        RelativePath file = file(step, p.file());
        yield Languages.problem(p.language(), bytes(file))
            .map(why -> file + " is not " + Escape.line(p.language()) + ": " + why);
      }
      case StepCheck.Cel c ->
          throw StepEngine.unsupported(step, "a check in CEL cannot be evaluated yet");
    };
  }

  private TestInventory tests(Step step) {
    StepAction.RunCommand run =
        CommandRunner.command(step)
            .orElseThrow(
                () -> StepEngine.unsupported(step, "only a TestExecution step has test results"));
    return switch (ReportReader.read(
        LayerReports.find(layer.disk(), layer.upper(), run.reports()))) {
      case Reports.Read read -> read.tests();
      case Reports.Unreadable unreadable -> TestInventory.EMPTY;
    };
  }

  private static RelativePath file(Step step, Optional<RelativePath> named) {
    return named.orElseGet(() ->
        switch (step.action()) {
          case StepAction.EditFile e -> e.file();
          case StepAction.CreateFile c -> c.file();
          default -> throw StepEngine.unsupported(step, "a check of a file must name it");
        });
  }

  private String text(RelativePath file) {
    return new String(bytes(file), java.nio.charset.StandardCharsets.UTF_8);
  }

  private byte[] bytes(RelativePath file) {
    return writer
        .entry(file)
        .filter(TreeEntry.RegularFile.class::isInstance)
        .map(e -> writer.read(file, MAX_CHECKED))
        .orElseGet(() -> new byte[0]);
  }

  private static Optional<String> failIf(boolean bad, String why) {
    return bad ? Optional.of(why) : Optional.empty();
  }
}
