package dev.tars.runner.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.expression.Facts;
import dev.tars.runner.expression.Scope;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.ApprovalRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApprovalTermsTest {
  private static final Facts FACTS =
      new Facts().actor(new Facts.Actor("ci-bot", Facts.Actor.Kind.AGENT));

  @Test
  void aRuleAppliesWhereItsConditionHolds() {
    assertThat(demands("actor.kind == 'agent'")).containsExactly("r");
    assertThat(demands("actor.kind == 'human'")).isEmpty();
  }

  @Test
  void aRuleWhoseConditionHasNoValueApplies() {
    ApprovalTerms terms = terms(List.of(), Optional.of("gates['x'].result == 'passed'"));
    assertThat(terms.demands()).hasSize(1);
    assertThat(terms.doubts()).singleElement().asString().contains("rule r cannot be evaluated");
  }

  @Test
  void aRuleWithoutAConditionAppliesOnlyWhereItIsNamed() {
    ApprovalTerms terms = terms(List.of(), Optional.empty());
    assertThat(terms.demands()).isEmpty();
    assertThat(terms.named()).hasSize(1);
  }

  @Test
  void thePolicyApprovesByItselfOnlyIfEveryLayerDoes() {
    assertThat(terms(List.of("true"), Optional.empty()).auto()).isTrue();
    assertThat(terms(List.of("true", "actor.kind == 'agent'"), Optional.empty()).auto()).isTrue();
    assertThat(terms(List.of("true", "actor.kind == 'human'"), Optional.empty()).auto()).isFalse();
    assertThat(terms(List.of(), Optional.empty()).auto()).isFalse();
  }

  @Test
  void anAutoConditionWithoutAValueAsksForPeople() {
    ApprovalTerms terms = terms(List.of("tests.failed == 0"), Optional.empty());
    assertThat(terms.auto()).isFalse();
    assertThat(terms.doubts()).hasSize(1);
  }

  private static List<String> demands(String when) {
    return terms(List.of(), Optional.of(when)).demands().stream()
        .map(ApprovalTerms.Demand::rule)
        .toList();
  }

  private static ApprovalTerms terms(List<String> auto, Optional<String> when) {
    return ApprovalTerms.of(
        new ApprovalRules(
            auto.stream().map(ApprovalTermsTest::condition).toList(),
            1,
            true,
            false,
            Duration.ofHours(1),
            Set.of("ci-bot"),
            List.of(
                new ApprovalRules.Rule(
                    "r",
                    when.map(ApprovalTermsTest::condition),
                    1,
                    Set.of("ann"),
                    List.of("ann"),
                    new SourcePosition("p", 1, 1))),
            List.of()),
        FACTS);
  }

  private static Condition condition(String text) {
    return new Condition(text, Scope.APPROVAL);
  }
}
