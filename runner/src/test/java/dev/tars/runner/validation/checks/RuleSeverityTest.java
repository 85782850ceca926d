package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.RuleSeverity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A policy says what the findings of a static rule weigh. */
class RuleSeverityTest {
  private static final ChangeFixture REPOSITORY =
      new ChangeFixture()
          .set("lib/a.git/HEAD", "ref: refs/heads/main\n")
          .dir("lib/a.git")
          .dir("lib/a.git/objects")
          .dir("lib/a.git/refs")
          .set("lib/a.git/objects/x", "x")
          .set("lib/a.git/refs/y", "y");

  @Test
  void aNestedRepositoryIsRejectedWithAdvice() {
    Finding found = of(REPOSITORY, Map.of(), "path.nested-repository").getFirst();
    assertThat(found.severity()).isEqualTo(Severity.REJECT);
    assertThat(found.message()).contains("validation.rules", "review");
  }

  @Test
  void aPolicyMayHaveItReviewedOrNotLookedFor() {
    assertThat(weight(REPOSITORY, "path.nested-repository", RuleSeverity.REVIEW))
        .containsExactly(Severity.REVIEW);
    assertThat(weight(REPOSITORY, "path.nested-repository", RuleSeverity.OFF)).isEmpty();
  }

  @Test
  void aRepositoryThatOnlyMovedIsNotRejected() {
    ChangeFixture change = new ChangeFixture();
    for (String directory : List.of("", "/objects", "/refs")) {
      change.baseDir("tests/old.git" + directory).delete("tests/old.git" + directory);
      change.dir("tests/new.git" + directory);
    }
    for (String file : List.of("HEAD", "objects/x", "refs/y", "config")) {
      change.base("tests/old.git/" + file, file).delete("tests/old.git/" + file);
      change.set("tests/new.git/" + file, file);
    }
    assertThat(weight(change, Map.of(), "path.nested-repository")).containsExactly(Severity.REVIEW);
    change.set("tests/new.git/config", "[core] fsmonitor = evil");
    assertThat(weight(change, Map.of(), "path.nested-repository")).containsExactly(Severity.REJECT);
  }

  @Test
  void aGroupIsSetByItsBeginningAndARuleByItsName() {
    ChangeFixture change = new ChangeFixture().set("a.json", "{").set("a.xml", "<a>");
    Map<String, RuleSeverity> rules =
        Map.of("syntax.*", RuleSeverity.INFO, "syntax.xml", RuleSeverity.REJECT);
    assertThat(weight(change, rules, "syntax.json")).containsExactly(Severity.INFO);
    assertThat(weight(change, rules, "syntax.xml")).containsExactly(Severity.REJECT);
  }

  @Test
  void whatWasBrokenBeforeStaysInformation() {
    ChangeFixture change = new ChangeFixture().base("a.json", "{").set("a.json", "{,");
    assertThat(weight(change, "syntax.json", RuleSeverity.REJECT)).containsExactly(Severity.INFO);
  }

  private static List<Severity> weight(ChangeFixture change, String rule, RuleSeverity set) {
    return weight(change, Map.of(rule, set), rule);
  }

  private static List<Severity> weight(
      ChangeFixture change, Map<String, RuleSeverity> set, String rule) {
    return of(change, set, rule).stream().map(Finding::severity).toList();
  }

  private static List<Finding> of(
      ChangeFixture change, Map<String, RuleSeverity> set, String rule) {
    CheckRules rules =
        new CheckRules(
            ChangeFixture.tests("src/test/", List.of()),
            Effect.DENY,
            Effect.ASK,
            Effect.ASK,
            Effect.DENY,
            Effect.DENY,
            false,
            set);
    return change.findings(rules).stream().filter(f -> f.rule().equals(rule)).toList();
  }
}
