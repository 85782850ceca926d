package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs policy tests, and asks whether they would notice if the policy said less. */
final class PolicyTester {
  private final PolicyLoader loader;

  PolicyTester(PolicyLoader loader) {
    this.loader = loader;
  }

  TestReport test(List<Path> places, boolean mutate) {
    List<TestReport.OfPolicy> reports = new ArrayList<>();
    Map<String, List<PolicyTestFile>> suites = TestSuite.find(places, loader);
    suites.forEach((policy, files) -> {
      List<PolicyTestFile.Case> cases = files.stream().flatMap(f -> f.cases().stream()).toList();
      reports.add(one(policy, cases, mutate));
    });
    return new TestReport(reports);
  }

  private TestReport.OfPolicy one(String name, List<PolicyTestFile.Case> cases, boolean mutate) {
    EffectivePolicy policy = loader.alone(name);
    PolicyTestRun run = new PolicyTestRun(policy);
    List<PolicyTestRun.Outcome> outcomes = cases.stream().map(run::run).toList();
    ObjectNode own = RuleTexts.documents(policy).getLast();
    Set<String> rules = new LinkedHashSet<>();
    for (RuleText rule : RuleTexts.of(own)) {
      if (!rule.section().startsWith("validation.") && !rule.section().startsWith("approval.")) {
        rules.add(rule.id());
      }
    }
    List<String> uncovered = rules.stream().filter(r -> !run.matched().contains(r)).toList();
    boolean passed = outcomes.stream().allMatch(PolicyTestRun.Outcome::passed);
    TestReport.Mutation mutation =
        mutate && passed && !cases.isEmpty()
            ? mutate(name, policy, own, cases)
            : TestReport.Mutation.NONE;
    return new TestReport.OfPolicy(name, outcomes, rules.size(), uncovered, mutation);
  }

  private TestReport.Mutation mutate(
      String name, EffectivePolicy policy, ObjectNode own, List<PolicyTestFile.Case> cases) {
    Optional<Path> directory =
        name.startsWith("builtin:")
            ? Optional.empty()
            : Optional.ofNullable(Path.of(name).getParent());
    int noticed = 0;
    int refused = 0;
    List<String> noEffect = new ArrayList<>();
    List<String> survived = new ArrayList<>();
    List<Mutants.Mutant> mutants = Mutants.of(own);
    List<Request> samples = SampleRequests.of(List.of(policy));
    for (Mutants.Mutant mutant : mutants) {
      EffectivePolicy changed;
      try {
        byte[] text = mutant.document().toString().getBytes(StandardCharsets.UTF_8);
        changed = loader.alone(text, name, directory);
      } catch (RunnerException e) {
        refused++;
        continue;
      }
      PolicyTestRun run = new PolicyTestRun(changed);
      if (cases.stream().anyMatch(c -> !run.run(c).passed())) {
        noticed++;
      } else if (same(policy, changed, samples)) {
        noEffect.add(mutant.what());
      } else {
        survived.add(mutant.what());
      }
    }
    return new TestReport.Mutation(mutants.size(), noticed, refused, noEffect, survived);
  }

  /** True if nothing that tells the two apart is decided by another rule, and no value differs. */
  private static boolean same(
      EffectivePolicy policy, EffectivePolicy mutant, List<Request> samples) {
    if (PolicyDiff.valuesDiffer(policy, mutant)) {
      return false;
    }
    Decider was = new Decider(policy);
    Decider is = new Decider(mutant);
    for (Request request : samples) {
      Decision a = was.decide(request);
      Decision b = is.decide(request);
      if (a.effect() != b.effect() || !rules(a).equals(rules(b))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> rules(Decision decision) {
    return decision.matches().stream().map(m -> m.effect() + m.rule()).sorted().toList();
  }
}
