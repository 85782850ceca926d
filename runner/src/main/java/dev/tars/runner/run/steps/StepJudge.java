package dev.tars.runner.run.steps;

import dev.tars.runner.expression.ConditionException;
import dev.tars.runner.expression.Facts;
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
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The checks that a step itself names. They can only fail a step, never save one. */
final class StepJudge {
  private static final long MAX_CHECKED = 16L << 20;

  /** The largest output that is read for conditions. */
  static final long MAX_OUTPUT = 1L << 20;

  private final LayerWriter writer;
  private final Layer layer;
  private final StepFacts facts;

  StepJudge(LayerWriter writer, Layer layer, StepFacts facts) {
    this.writer = writer;
    this.layer = layer;
    this.facts = facts;
  }

  /** {@code soFar} if it failed already, else the first check that does not hold, else it. */
  StepResult judge(Step step, List<StepCheck> checks, StepResult soFar) {
    return judge(step, checks, soFar, facts.now());
  }

  /**
   * The same for a command, whose checks may look at what it left.
   *
   * @param text the end of what it printed
   */
  StepResult judge(
      Step step, List<StepCheck> checks, StepResult soFar, StepAction.RunCommand run, String text) {
    Facts seen = facts.now().output(() -> output(run, soFar.exitCode(), text));
    return judge(step, checks, soFar, seen);
  }

  private StepResult judge(Step step, List<StepCheck> checks, StepResult soFar, Facts seen) {
    if (soFar.isFailure()) {
      return soFar;
    }
    for (StepCheck check : checks) {
      Optional<String> problem = problem(step, check, seen);
      if (problem.isPresent()) {
        return StepResult.failed(
                step.id(),
                FailureCode.STEP_FAILED,
                "step " + step.id() + ": " + problem.get(),
                soFar.elapsed())
            .withExit(soFar.exitCode());
      }
    }
    return soFar;
  }

  private Optional<String> problem(Step step, StepCheck check, Facts seen) {
    return switch (check) {
      case StepCheck.ExitCode _ -> Optional.empty(); // judged with the outcome
      case StepCheck.TestsRun t ->
          tests(
              step,
              tests ->
                  failIf(
                      tests.run() < t.min(),
                      tests.run() + " tests ran, at least " + t.min() + " must"));
      case StepCheck.TestsFailed t ->
          tests(
              step,
              tests ->
                  failIf(
                      tests.red() > t.max(),
                      tests.red() + " tests failed, at most " + t.max() + " may"));
      case StepCheck.Contains c -> {
        RelativePath file = StepActions.file(step, c.file());
        yield failIf(
            !text(file).contains(c.text()),
            file + " does not contain \"" + Escape.line(c.text()) + "\"");
      }
      case StepCheck.FileExists f ->
          failIf(
              writer.entry(f.file()).isPresent() != f.expected(),
              f.file() + (f.expected() ? " does not exist" : " exists"));
      case StepCheck.Parses p -> {
        RelativePath file = StepActions.file(step, p.file());
        yield Languages.problem(p.language(), bytes(file))
            .map(why -> file + " is not " + Escape.line(p.language()) + ": " + why);
      }
      case StepCheck.Cel c -> condition(c, seen);
    };
  }

  private static Optional<String> condition(StepCheck.Cel check, Facts seen) {
    String shown =
        check.message().isEmpty()
            ? "not true: " + Escape.line(check.condition().text())
            : Escape.line(check.message());
    try {
      return failIf(!check.condition().holds(seen), shown);
    } catch (ConditionException e) {
      return Optional.of(
          "no value: " + Escape.line(check.condition().text()) + ": " + e.getMessage());
    }
  }

  /** Declared files of the layer, bounded; one that is missing or not text is left out. */
  private Facts.Output output(StepAction.RunCommand run, int exitCode, String text) {
    Map<String, String> files = new LinkedHashMap<>();
    for (RelativePath path : run.outputs()) {
      if (writer.entry(path).orElse(null) instanceof TreeEntry.RegularFile file
          && file.size() <= MAX_OUTPUT) {
        files.put(
            path.bytes().lossyText(),
            new String(writer.read(path, MAX_OUTPUT), StandardCharsets.UTF_8));
      }
    }
    return new Facts.Output(
        exitCode, text, files, run.outputs().stream().map(p -> p.bytes().lossyText()).toList());
  }

  /** No report, or one that cannot be read, says nothing of tests: then no check of them holds. */
  private Optional<String> tests(Step step, Function<TestInventory, Optional<String>> check) {
    StepAction.RunCommand run = CommandRunner.command(step).orElseThrow();
    return switch (ReportReader.read(
        LayerReports.find(layer.disk(), layer.upper(), run.reports()))) {
      case Reports.Read read when read.tests().files() > 0 -> check.apply(read.tests());
      case Reports.Read _ -> Optional.of("no test report was written");
      case Reports.Unreadable unreadable -> Optional.of(Escape.line(unreadable.reason()));
    };
  }

  private String text(RelativePath file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
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
