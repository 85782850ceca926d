package dev.tars.runner.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.expression.Facts;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.validation.BeforeResults;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.TestsBefore;
import dev.tars.runner.validation.ValidationProgress;
import dev.tars.runner.validation.ValidationRequest;
import dev.tars.runner.validation.ValidationRules;
import dev.tars.runner.validation.Validator;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.checks.ChangeFixture;
import dev.tars.runner.workspace.ChangeSets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the policy that approves by itself does with attacks, once every gate is green. */
class AutonomousTest {
  @TempDir private Path temp;

  @Test
  void anOrdinaryProvenChangeNeedsNoPerson() {
    ReviewDecision decision = decide(new ChangeFixture().set("src/main/a.txt", "a\n"));
    assertThat(decision)
        .isInstanceOfSatisfying(
            ReviewDecision.Approved.class, a -> assertThat(a.by()).containsExactly("policy"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".github/workflows/x.yml",
        ".claude/settings.json",
        ".cursor/mcp.json",
        ".CURSOR/mcp.json",
        ".gemini/settings.json",
        ".codex/config.toml",
        ".mvn/extensions.xml",
        ".mvn/jvm.config",
        ".mvn/maven.config",
        "gradle/wrapper/gradle-wrapper.jar",
        "gradle/wrapper/gradl\u0435-wrapper.jar",
        "gradle/wrapper/gradle-wrapper.properties",
        "package.json",
        "web/package-lock.json",
        ".npmrc",
        "pom.xml",
        "conftest.py",
        "sitecustomize.py",
        "x.pth",
        ".git/hooks/post-checkout",
        "sub/.git/config",
        ".gitattributes",
        ".envrc",
        "Makefile",
        "setup.py",
        "AGENTS.md",
        "CLAUDE.md",
        ".tars/policy.yaml"
      })
  void nothingThatRunsOutsideTheBoxIsApprovedWithoutAPerson(String path) {
    assertThat(decide(new ChangeFixture().set(path, "a: 1\n")))
        .isNotInstanceOf(ReviewDecision.Approved.class);
  }

  @Test
  void aWeakenedTestIsNotApprovedWithoutAPerson() {
    String test = "src/test/java/FooTest.java";
    String strong = "class FooTest {\n void a() { assertEquals(3, f()); }\n}\n";
    String weak = "class FooTest {\n void a() { assertTrue(true); }\n}\n";
    assertThat(decide(new ChangeFixture().base(test, strong).set(test, weak)))
        .isInstanceOf(ReviewDecision.NeedsApproval.class);
    assertThat(decide(new ChangeFixture().base(test, strong).delete(test)))
        .isInstanceOf(ReviewDecision.NeedsApproval.class);
    ChangeFixture renamed =
        new ChangeFixture()
            .base(test, strong)
            .delete(test)
            .set("src/test/java/FooTst.java", strong);
    assertThat(decide(renamed)).isInstanceOf(ReviewDecision.NeedsApproval.class);
    String disabled = strong.replace(" void a()", " @Disabled void a()");
    assertThat(decide(new ChangeFixture().base(test, strong).set(test, disabled)))
        .isInstanceOf(ReviewDecision.NeedsApproval.class);
  }

  /** Green gates are granted: what is asked is whether anything else still stands in the way. */
  private ReviewDecision decide(ChangeFixture change) {
    EffectivePolicy policy =
        new PolicyLoader(new PolicySources(temp, temp, Map.of(), temp))
            .load(Optional.of("builtin:autonomous"));
    Verdict verdict =
        new Validator(
                job -> {
                  throw new AssertionError("the policy has no gate");
                },
                (gate, runs, run) ->
                    BeforeResults.fill(new TestsBefore.Unusable("not run"), runs, run),
                (gate, request, done) -> false,
                ValidationProgress.NONE)
            .validate(
                new ValidationRequest(
                    change.changeSet(),
                    ChangeSets.digest(change.changeSet()),
                    1,
                    0,
                    change,
                    ValidationRules.of(policy, false),
                    true));
    GateResult green =
        new GateResult(
            "unit",
            GateResult.Result.PASSED,
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            "",
            "");
    Verdict.Result result =
        verdict.result() == Verdict.Result.UNVERIFIED ? Verdict.Result.PASSED : verdict.result();
    Verdict proven =
        new Verdict(
            result, verdict.changeSet(), List.of(green), verdict.findings(), verdict.asks());
    return Review.decide(
        new ReviewCase(
            new ContextId("CTX-1"),
            proven,
            policy.digest(),
            "sha256:image",
            new ReviewCase.People("runner", Set.of()),
            List.of(),
            List.of(),
            Set.of()),
        ApprovalTerms.of(policy.approval(), new Facts()),
        Instant.EPOCH);
  }
}
