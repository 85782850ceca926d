package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.FakeBox;
import dev.tars.runner.sandbox.FakeEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of the stages, each way in which a run ends in it, and what it leaves behind. */
class EndingsTest {
  private static final List<String> UP_TO_VERDICT =
      List.of("planned", "staging", "running", "validating");

  @TempDir private Path temp;
  private RunBench bench;
  private Map<String, String> before;

  @BeforeEach
  void open() {
    bench = new RunBench(temp);
    before = bench.tree();
  }

  @AfterEach
  void nothingIsLeft() {
    if (!bench.keepLayer) {
      bench.requireClean();
    }
  }

  @Test
  void aChangeThatThePolicyApprovesIsPromotedInOneRun() {
    bench.policy(RunBench.GATE + RunBench.AUTO);
    ends(bench.run(), 0);
    assertThat(bench.states())
        .containsExactly(
            "planned", "staging", "running", "validating", "approved", "promoting", "promoted");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\nmore\n");
    assertThat(bench.audit())
        .containsSubsequence("run", "change-set", "verdict", "decisions", "BEGIN", "COMMIT");
    assertThat(bench.engine.purposes()).containsExactly("step:edit", "gate:check:after");
  }

  @Test
  void aChangeThatPeopleMustApproveWaitsForThem() {
    ends(bench.run(), FailureCode.APPROVAL_NEEDED);
    assertThat(bench.states())
        .containsExactly("planned", "staging", "running", "validating", "awaiting-approval");
    assertThat(bench.tree()).isEqualTo(before);
    ends(bench.approve(), 0);
    assertThat(bench.state()).isEqualTo("promoted");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\nmore\n");
  }

  @Test
  void aDryRunPromotesNothingAndCannotBeApproved() {
    bench.dryRun = true;
    bench.policy(RunBench.GATE + RunBench.AUTO);
    ends(bench.run(), 0);
    assertThat(bench.states())
        .containsExactly("planned", "staging", "running", "validating", "dry-run-passed");
    assertThat(bench.tree()).isEqualTo(before);
    assertThat(bench.audit()).doesNotContain("BEGIN");
    ends(bench.approve(), FailureCode.USAGE);
    assertThat(bench.state()).isEqualTo("dry-run-passed");
    assertThat(bench.tree()).isEqualTo(before);
  }

  @Test
  void aDryRunOfAChangeThatFailsEndsAsTheRunWould() {
    bench.dryRun = true;
    bench.engine.on(List.of("check"), box -> box.exit(1));
    failed(FailureCode.GATE_FAILED, "failed", UP_TO_VERDICT);
  }

  @Test
  void aRunThatChangesNothingIsPromotedWithoutATransaction() {
    bench.engine.on("edit", box -> box.exit(0));
    ends(bench.run(), 0);
    assertThat(bench.state()).isEqualTo("promoted");
    assertThat(bench.audit()).doesNotContain("BEGIN", "approval");
  }

  @Test
  void aPlanForAnotherTreeIsStaleBeforeABoxRuns() {
    bench.plan("base: { tree: \"sha256:" + "0".repeat(64) + "\" }\n" + RunBench.step("edit"));
    failed(FailureCode.STALE, "stale", List.of("planned", "staging"));
    assertThat(bench.engine.boxes()).isEmpty();
  }

  @Test
  void whatThePolicyDeniesIsDeniedBeforeABoxRunsAndOnRecord() {
    bench.policy("processes:\n  deny:\n    - { id: no, argv: [sh, -c], moreArgs: \".*\" }\n");
    failed(FailureCode.POLICY_DENIED, "denied", List.of("planned", "staging"));
    assertThat(bench.engine.boxes()).isEmpty();
    assertThat(bench.audit("decisions").getFirst().path("denying").path("no").asLong())
        .isEqualTo(1);
  }

  @Test
  void anImageThatIsNotThereEndsTheRunBeforeItIsStaged() {
    bench.engine.without(FakeEngine.IMAGE);
    failed(FailureCode.IMAGE_MISSING, "failed", List.of("planned", "staging"));
  }

  @Test
  void aStepThatFailsEndsTheRunBeforeItIsJudged() {
    bench.engine.on("edit", box -> box.write("a.txt", "half\n").exit(3));
    failed(FailureCode.STEP_FAILED, "failed", List.of("planned", "staging", "running"));
    assertThat(bench.audit()).doesNotContain("change-set", "verdict");
  }

  @Test
  void aStepThatHangsTimesOut() {
    bench.engine.on("edit", FakeBox::hang);
    failed(FailureCode.TIMEOUT, "timed-out", List.of("planned", "staging", "running"));
  }

  @Test
  void aStepThatEatsAllMemoryFails() {
    bench.engine.on("edit", FakeBox::outOfMemory);
    failed(FailureCode.RESOURCE_LIMIT, "failed", List.of("planned", "staging", "running"));
  }

  @Test
  void theLayerOfAFailedRunIsKeptIfSomebodyAsked() {
    bench.keepLayer = true;
    bench.engine.on("edit", box -> box.write("a.txt", "half\n").exit(3));
    ends(bench.run(), FailureCode.STEP_FAILED);
    Path kept = Path.of(bench.context().path("layer").asText());
    assertThat(kept.resolve("a.txt")).hasContent("half\n");
    assertThat(bench.leftovers()).containsExactly("contexts/CTX-1/layer");
  }

  @Test
  void aChangeThatAStaticCheckRefusesIsDenied() {
    bench.engine.on("edit", box -> box.write("x.txt", "a\u202Eb\n").exit(0));
    failed(FailureCode.CHANGE_REFUSED, "denied", UP_TO_VERDICT);
  }

  @Test
  void aGateThatSaysNoFailsTheRun() {
    bench.engine.on(List.of("check"), box -> box.exit(1));
    RunBench.Ended ended = failed(FailureCode.GATE_FAILED, "failed", UP_TO_VERDICT);
    assertThat(ended.text()).contains("gate check: exit code 1", "nothing was changed");
    assertThat(bench.audit()).contains("verdict", "decisions", "run-ended");
    ends(bench.approve(), FailureCode.STALE);
    assertThat(bench.tree()).isEqualTo(before);
  }

  @Test
  void aGateThatHangsTimesOut() {
    bench.engine.on(List.of("check"), FakeBox::hang);
    failed(FailureCode.TIMEOUT, "timed-out", UP_TO_VERDICT);
  }

  @Test
  void aGateThatCannotBeJudgedDoesNotPass() {
    bench.engine.on(List.of("check"), box -> box.notStarted("the image has no check"));
    failed(FailureCode.IMAGE_REFUSED, "failed", UP_TO_VERDICT);
  }

  @Test
  void withoutAGateNothingIsProvenAndPeopleAreAsked() {
    bench.policy(RunBench.AUTO);
    ends(bench.run(), FailureCode.APPROVAL_NEEDED);
    assertThat(bench.context().path("verdict").path("result").asText()).isEqualTo("unverified");
    assertThat(bench.tree()).isEqualTo(before);
  }

  @Test
  void validationAndBackupAreSwitchedOffOnlyWhereThePolicyLets() {
    bench.validate = false;
    ends(bench.run(), FailureCode.POLICY_DENIED);
    bench.validate = true;
    bench.backup = false;
    ends(bench.run(), FailureCode.POLICY_DENIED);
    assertThat(bench.state.resolve("contexts")).doesNotExist();
    bench.policy(RunBench.GATE + RunBench.AUTO + "promotion: { backup: optional }\n");
    ends(bench.run(), 0);
    assertThat(bench.context().path("next").asText()).contains("it cannot be undone");
    ends(bench.rollback(), FailureCode.NOT_FOUND);
  }

  @Test
  void anEngineThatIsLostLeavesAMarkAndTheNextCommandSweeps() {
    bench.engine.on(
        "edit",
        box -> {
          bench.engine.leave("container tars-1");
          throw new RunnerException(FailureCode.ENGINE_LOST, "the engine is gone", "start it");
        });
    ends(bench.run(), FailureCode.ENGINE_LOST);
    assertThat(bench.state()).isEqualTo("failed");
    assertThat(bench.leftovers()).contains("running/CTX-1");
    assertThat(bench.engine.leftovers()).isNotEmpty();
    bench.engine.on("edit", box -> box.append("a.txt", "more\n").exit(0));
    ends(bench.run(), FailureCode.APPROVAL_NEEDED);
  }

  /** Runs, and sees the same end in the exit status, the context and the log; nothing changed. */
  private RunBench.Ended failed(FailureCode code, String state, List<String> through) {
    RunBench.Ended ended = bench.run();
    ends(ended, code);
    assertThat(bench.states()).isEqualTo(with(through, state));
    assertThat(bench.context().path("exitCode").asInt()).isEqualTo(code.exitCode());
    assertThat(bench.context().path("failure").path("code").asText()).isEqualTo(code.id());
    assertThat(bench.audit("run-ended").getLast().path("state").asText()).isEqualTo(state);
    assertThat(bench.tree()).isEqualTo(before);
    return ended;
  }

  private static List<String> with(List<String> states, String last) {
    return java.util.stream.Stream.concat(states.stream(), java.util.stream.Stream.of(last))
        .toList();
  }

  private static void ends(RunBench.Ended ended, FailureCode code) {
    ends(ended, code.exitCode());
    if (ended.code().isPresent()) { // who must wait for others has made no error
      assertThat(ended.code()).contains(code);
    }
  }

  private static void ends(RunBench.Ended ended, int exit) {
    assertThat(ended.exit()).as(ended.text()).isEqualTo(exit);
  }
}
