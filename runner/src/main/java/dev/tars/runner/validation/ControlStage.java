package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.ControlRule;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.validation.control.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Control runs of the test gates that passed, where the policy wants them. */
public final class ControlStage {
  /** The finding that takes away the policy's own approval. */
  private static final String UNCONTROLLED = "gate.uncontrolled";

  private static final int ENVIRONMENT = 5;

  private final ControlGate control;
  private final ValidationRequest request;
  private final Findings findings;

  ControlStage(ControlGate control, ValidationRequest request, Findings findings) {
    this.control = control;
    this.request = request;
    this.findings = findings;
  }

  /**
   * The findings of a verdict, and one of each test gate that passed without the control run that
   * the policy wants: it may have run elsewhere.
   */
  public static List<Finding> findings(Verdict verdict, EffectivePolicy policy) {
    ControlRule rule = ValidationRules.control(policy);
    if (rule == ControlRule.OFF || verdict.result() != Verdict.Result.PASSED) {
      return verdict.findings();
    }
    boolean asked =
        !verdict.asks().isEmpty()
            || verdict.findings().stream().anyMatch(f -> f.severity() == Severity.REVIEW);
    if (rule == ControlRule.UNATTENDED && asked) {
      return verdict.findings();
    }
    Findings all = new Findings(policy.ruleSeverities());
    verdict.findings().forEach(all::add);
    for (Gate gate : policy.gates()) {
      if (gate instanceof Gate.Tests) {
        verdict.gates().stream()
            .filter(g -> g.id().equals(gate.id()) && g.passed())
            .filter(g -> g.control().result() == Control.Result.NONE)
            .forEach(g -> uncontrolled(all, g.id(), "it had no control run"));
      }
    }
    return all.sorted();
  }

  private static void uncontrolled(Findings findings, String gate, String reason) {
    findings.add(
        UNCONTROLLED,
        Severity.REVIEW,
        RelativePath.ROOT,
        0,
        "gate " + gate + " was not shown to say no: " + reason);
  }

  /**
   * The gates with what their control runs say.
   *
   * @param asks of the paths that changed
   * @param ran names of the tests that ran, by gate
   */
  List<GateResult> of(List<GateResult> gates, List<String> asks, Map<String, Set<String>> ran) {
    if (!isWanted(gates, asks)) {
      return gates;
    }
    List<GateResult> controlled = new ArrayList<>();
    for (GateResult gate : gates) {
      controlled.add(
          request.rules().gates().stream()
              .filter(g -> g.id().equals(gate.id()) && gate.passed())
              .filter(Gate.Tests.class::isInstance)
              .map(Gate.Tests.class::cast)
              .findFirst()
              .map(tests -> of(tests, gate, ran.getOrDefault(gate.id(), Set.of())))
              .orElse(gate));
    }
    return controlled;
  }

  private boolean isWanted(List<GateResult> gates, List<String> asks) {
    List<Finding> found = findings.sorted();
    Verdict.Result result = VerdictAssembly.result(gates, found);
    return switch (request.rules().control()) {
      case OFF -> false;
      case UNATTENDED ->
          result == Verdict.Result.PASSED
              && asks.isEmpty()
              && found.stream().noneMatch(f -> f.severity() == Severity.REVIEW);
      case REQUIRED -> result == Verdict.Result.PASSED || result == Verdict.Result.UNVERIFIED;
    };
  }

  private GateResult of(Gate.Tests gate, GateResult passed, Set<String> ran) {
    Control result;
    try {
      result = control.run(gate, request.changeSet(), ran);
    } catch (RunnerException e) {
      if (e.code().exitCode() != ENVIRONMENT) {
        throw e;
      }
      return unknown(gate, e.code(), e);
    } catch (DiskException e) {
      return unknown(gate, e.code(), e);
    }
    GateResult controlled = passed.with(result);
    return switch (result.result()) {
      case NONE, PROVEN -> controlled;
      case UNCONTROLLED -> {
        uncontrolled(findings, gate.id(), result.reason());
        yield controlled;
      }
      case FAILED -> {
        GateResult failed =
            controlled.as(
                Result.FAILED,
                FailureCode.GATE_FAILED,
                Told.plain("it cannot say no: " + result.reason()));
        control.runner().progress().ended(failed);
        yield failed;
      }
    };
  }

  private static GateResult unknown(Gate gate, FailureCode code, RuntimeException e) {
    return GateResult.unknown(
        gate.id(), code, "its control run could not be made: " + e.getMessage());
  }
}
