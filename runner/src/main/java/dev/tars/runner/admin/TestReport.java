package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What {@code policy test} found, one entry for each policy. */
public record TestReport(List<OfPolicy> policies) {
  public TestReport {
    policies = List.copyOf(policies);
  }

  /**
   * One policy.
   *
   * @param uncovered rules that no case matched, of {@code rules}; empty if nobody asked
   */
  record OfPolicy(
      String policy,
      List<PolicyTestRun.Outcome> outcomes,
      int rules,
      List<String> uncovered,
      Mutation mutation) {
    OfPolicy {
      outcomes = List.copyOf(outcomes);
      uncovered = List.copyOf(uncovered);
    }
  }

  /**
   * What became of the mutants.
   *
   * @param refused mutants that do not load, which is noticed too
   * @param noEffect mutants that change no decision and no value
   */
  record Mutation(
      int tried, int noticed, int refused, List<String> noEffect, List<String> survived) {
    static final Mutation NONE = new Mutation(0, 0, 0, List.of(), List.of());

    Mutation {
      noEffect = List.copyOf(noEffect);
      survived = List.copyOf(survived);
    }
  }

  public int cases() {
    return policies.stream().mapToInt(p -> p.outcomes().size()).sum();
  }

  public long failed() {
    return policies.stream().flatMap(p -> p.outcomes().stream()).filter(o -> !o.passed()).count();
  }

  public int survivors() {
    return policies.stream().mapToInt(p -> p.mutation().survived().size()).sum();
  }

  /** True if there was something to prove, and all of it holds. */
  public boolean passed() {
    return cases() > 0 && failed() == 0 && survivors() == 0;
  }

  /** {@code tars.policy-test/v1}. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-test/v1");
    node.put("passed", passed()).put("cases", cases()).put("failed", failed());
    node.put("survived", survivors());
    ArrayNode all = node.putArray("policies");
    for (OfPolicy one : policies) {
      ObjectNode policy = all.addObject().put("policy", one.policy());
      ArrayNode outcomes = policy.putArray("cases");
      for (PolicyTestRun.Outcome outcome : one.outcomes()) {
        ObjectNode o = outcomes.addObject().put("name", outcome.of().name());
        o.put("at", outcome.of().at().toString()).put("passed", outcome.passed());
        o.put("found", outcome.found());
        outcome.why().ifPresent(why -> o.put("why", why));
      }
      policy.put("rules", one.rules());
      one.uncovered().forEach(policy.putArray("uncovered")::add);
      ObjectNode mutants = policy.putObject("mutants");
      mutants.put("tried", one.mutation().tried()).put("noticed", one.mutation().noticed());
      mutants.put("refused", one.mutation().refused());
      one.mutation().noEffect().forEach(mutants.putArray("noEffect")::add);
      one.mutation().survived().forEach(mutants.putArray("survived")::add);
    }
    return node;
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines(boolean coverage, boolean mutate) {
    List<String> lines = new ArrayList<>();
    for (OfPolicy one : policies) {
      lines.add(dev.tars.runner.model.Escape.line(one.policy()));
      for (PolicyTestRun.Outcome outcome : one.outcomes()) {
        String name = dev.tars.runner.model.Escape.line(outcome.of().name());
        if (outcome.passed()) {
          lines.add(
              "  ok    " + name + " (" + dev.tars.runner.model.Escape.line(outcome.found()) + ")");
        } else {
          lines.add("  FAIL  " + name + " (" + outcome.of().at() + ")");
          lines.add("        " + dev.tars.runner.model.Escape.line(outcome.why().orElse("")));
        }
      }
      if (coverage) {
        lines.add(
            "  rules matched by a case: "
                + (one.rules() - one.uncovered().size())
                + " of "
                + one.rules());
        one.uncovered()
            .forEach(r -> lines.add("    not matched: " + dev.tars.runner.model.Escape.line(r)));
      }
      if (mutate) {
        Mutation m = one.mutation();
        lines.add(
            "  mutants: %d, noticed by a case %d, refused at load %d, without effect %d, survived %d"
                .formatted(
                    m.tried(), m.noticed(), m.refused(), m.noEffect().size(), m.survived().size()));
        m.survived()
            .forEach(s -> lines.add("    SURVIVED  " + dev.tars.runner.model.Escape.line(s)));
      }
    }
    lines.add(
        cases()
            + " cases, "
            + failed()
            + " failed"
            + (mutate ? ", " + survivors() + " mutants survived" : ""));
    return lines;
  }
}
