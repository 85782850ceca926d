package dev.tars.runner.validation;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.validation.checks.StaticChecks;
import dev.tars.runner.validation.control.SentinelNames;
import dev.tars.runner.validation.syntax.BoxedSyntax;
import dev.tars.runner.workspace.ChangeSet;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change set to its verdict. Rules and static checks come first and cost no box; a change set
 * that they reject is never run again.
 */
public final class Validator {
  private static final int ENVIRONMENT = 5;

  private final GateRunner runner;
  private final BeforeResults before;
  private final ExpressionGates expressions;
  private final SentinelNames names = new SentinelNames(new SecureRandom());

  /**
   * What the gates before one gave.
   *
   * @param ran names of the tests that ran, by gate; grows
   */
  private record Done(List<GateResult> results, Map<String, Set<String>> ran) {}

  public Validator(
      CleanRoom room,
      BeforeResults before,
      ExpressionGates expressions,
      ValidationProgress progress) {
    this.runner = new GateRunner(room, progress);
    this.before = before;
    this.expressions = expressions;
  }

  /**
   * Judges. What the engine or the disk could not do makes the verdict {@code UNKNOWN}.
   *
   * @throws RunnerException INTEGRITY or INTERRUPTED, which are no verdicts
   */
  public Verdict validate(ValidationRequest request) {
    ValidationRules rules = request.rules();
    ChangeSet changeSet = request.changeSet();
    Findings findings = new Findings(rules.checks().severities());
    changeSet.findings().forEach(findings::add);
    PathDecisions decisions = new PathDecisions();
    decisions.decide(changeSet, rules.write(), findings);
    new LimitCheck(rules.limits(), findings)
        .check(changeSet, new LimitCheck.Lines(request.linesAdded(), request.linesRemoved()));
    new StaticChecks(rules.checks(), rules.file()).check(changeSet, request.contents(), findings);
    syntax(request, findings);
    Map<String, Set<String>> ran = new HashMap<>();
    List<GateResult> gates =
        new ControlStage(new ControlGate(runner, names), request, findings)
            .of(gates(request, findings, ran), decisions.asks(), ran);
    List<Finding> all = findings.sorted();
    return new Verdict(
        VerdictAssembly.result(gates, all), request.digest(), gates, all, decisions.asks());
  }

  /** In a box before any gate, where there are new lines and nothing is rejected yet. */
  private void syntax(ValidationRequest request, Findings findings) {
    boolean lines = request.linesAdded() > 0 || request.linesRemoved() > 0;
    if (lines && request.runGates() && !findings.rejects()) {
      new BoxedSyntax(runner.room().parsers(), request.rules().checks().tests())
          .check(request.changeSet(), request.contents(), findings);
    }
  }

  private List<GateResult> gates(
      ValidationRequest request, Findings findings, Map<String, Set<String>> ran) {
    String skip = findings.rejects() ? "the change set is rejected" : "";
    if (!request.runGates()) {
      skip = "validation is switched off";
    }
    List<GateResult> results = new ArrayList<>();
    for (Gate gate : request.rules().gates()) {
      if (skip.isEmpty()) {
        GateResult result = one(gate, request, findings, new Done(List.copyOf(results), ran));
        runner.progress().ended(result);
        results.add(result);
        boolean goOn =
            result.mayGoOn()
                || request.rules().goOn()
                || request.rules().overridable().contains(gate.id());
        skip = goOn ? "" : "gate " + gate.id() + " did not pass";
      } else {
        results.add(GateResult.skipped(gate.id(), skip));
      }
    }
    return results;
  }

  private GateResult one(Gate gate, ValidationRequest request, Findings findings, Done done) {
    try {
      return switch (gate) {
        case Gate.Command command ->
            GateJudge.judge(command, runner.run(command, request.changeSet()));
        case Gate.Tests tests -> tests(tests, request, findings, done);
        case Gate.Expression expression -> expression(expression, request, done.results());
      };
    } catch (RunnerException e) {
      if (e.code().exitCode() != ENVIRONMENT) {
        throw e;
      }
      return GateResult.unknown(gate.id(), e.code(), String.valueOf(e.getMessage()));
    } catch (DiskException e) {
      return GateResult.unknown(gate.id(), e.code(), String.valueOf(e.getMessage()));
    }
  }

  private GateResult tests(
      Gate.Tests gate, ValidationRequest request, Findings findings, Done done) {
    Optional<String> planted = plantedReport(gate, request.changeSet());
    if (planted.isPresent()) {
      return failed(gate, "the change set itself holds a report: " + planted.get());
    }
    TestGate run = new TestGate(runner, before, request.rules().checks().tests(), findings);
    GateResult result = run.run(gate, request.changeSet());
    done.ran().put(gate.id(), run.ran());
    return result;
  }

  /** A report that lies in the layer before the gate runs would be read as the gate's own. */
  private static Optional<String> plantedReport(Gate.Tests gate, ChangeSet changeSet) {
    return changeSet.changes().stream()
        .filter(change -> change.after().isPresent())
        .map(dev.tars.runner.workspace.Change::path)
        .filter(path -> gate.reports().stream().anyMatch((Glob glob) -> glob.matches(path)))
        .map(Object::toString)
        .findFirst();
  }

  private GateResult expression(
      Gate.Expression gate, ValidationRequest request, List<GateResult> before) {
    try {
      if (expressions.holds(gate, request, before)) {
        return new GateResult(
            gate.id(),
            GateResult.Result.PASSED,
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            "",
            "");
      }
      String why = gate.message().isEmpty() ? "not true: " + gate.cel().text() : gate.message();
      return failed(gate, "").because(new Told(Escape.line(why), "its expression is not true"));
    } catch (RunnerException e) {
      throw e;
    } catch (RuntimeException e) {
      String why = "it cannot be evaluated";
      return failed(gate, "")
          .because(new Told(why + ": " + Escape.line(String.valueOf(e.getMessage())), why));
    }
  }

  private static GateResult failed(Gate gate, String reason) {
    return new GateResult(
        gate.id(),
        GateResult.Result.FAILED,
        Optional.of(FailureCode.GATE_FAILED),
        Duration.ZERO,
        Optional.empty(),
        reason,
        "");
  }
}
