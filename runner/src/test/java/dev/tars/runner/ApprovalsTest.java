package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose word counts, and for what. */
class ApprovalsTest {
  private static final String OVERRIDE =
      RunBench.GATE
          + "approval:\n  overrides:\n    - { gate: check, by: [bob], reason: required }\n";

  @TempDir private Path temp;
  private RunBench bench;

  @BeforeEach
  void open() {
    bench = new RunBench(temp).shared();
  }

  @AfterEach
  void nothingIsLeft() {
    bench.requireClean();
  }

  @Test
  void whoRanItDoesNotApproveItWhereThePolicySaysSo() {
    bench.policy(RunBench.GATE + "approval: { selfApproval: deny }\n");
    waits(bench.run());
    waits(bench.approve());
    assertThat(bench.context().path("approvals").path("given").asInt()).isZero();
    assertThat(bench.as("bob").approve().exit()).isZero();
    assertThat(bench.state()).isEqualTo("promoted");
  }

  @Test
  void twoApprovalsAreOfTwoPeople() {
    bench.policy(RunBench.GATE + "approval: { count: 2, selfApproval: allow }\n");
    waits(bench.run());
    waits(bench.approve());
    waits(bench.approve());
    assertThat(bench.context().path("approvals").path("given").asInt()).isEqualTo(1);
    assertThat(bench.as("bob").approve().exit()).isZero();
  }

  @Test
  void aStateDirectoryThatNobodyElseReachesIsRefusedBeforeAnythingRuns() {
    RunBench alone = new RunBench(temp.resolve("alone"));
    alone.policy(RunBench.GATE + "approval: { selfApproval: deny }\n");
    assertThat(alone.run().exit()).isEqualTo(3);
    assertThat(alone.engine.boxes()).isEmpty();
  }

  @Test
  void aRejectionEndsIt() {
    waits(bench.run());
    assertThat(bench.as("bob").reject().exit()).isEqualTo(13);
    assertThat(bench.state()).isEqualTo("rejected");
    assertThat(bench.approve().exit()).isEqualTo(14);
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void whoThePlanIsForDoesNotApproveIt() {
    bench.policy(RunBench.GATE + "approval: { selfApproval: deny }\n");
    bench.write(
        ".tars/improvements/DO.yaml",
        "apiVersion: tars.dev/improvement/v1\nkind: Improvement\n"
            + "metadata: { id: DO, title: t, author: { kind: agent, id: bot, onBehalfOf: \"user:bob\" } }\n"
            + RunBench.step("edit"));
    waits(bench.run());
    waits(bench.as("bob").approve());
    assertThat(bench.as("carol").approve().exit()).isZero();
  }

  @Test
  void anApprovalUnderAnotherPolicyIsVoid() {
    waits(bench.run());
    bench.policy(RunBench.GATE + "approval: { count: 1 }\nresources: { pids: 99 }\n");
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(14);
    assertThat(ended.text()).contains("the policy changed since the run");
    assertThat(bench.state()).isEqualTo("stale");
    assertThat(bench.audit()).contains("approval-void").doesNotContain("approval", "BEGIN");
  }

  @Test
  void anApprovalForAnotherImageIsVoid() {
    waits(bench.run());
    bench.engine.image(dev.tars.runner.sandbox.FakeEngine.IMAGE, "sha256:" + "2".repeat(64));
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(14);
    assertThat(ended.text()).contains("the image changed since the run");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void anApprovalIsGoodForOnePromotion() {
    waits(bench.run());
    assertThat(bench.approve().exit()).isZero();
    assertThat(bench.rollback().exit()).isZero();
    waits(bench.run());
    assertThat(bench.context().path("approvals").path("given").asInt()).isZero();
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void whatWasSaidOfARunThatIsPromotedCountsForNoOtherRunOfTheSameChange() {
    bench.policy(RunBench.GATE + "approval: { count: 2, selfApproval: allow }\n");
    waits(bench.run());
    waits(bench.run());
    bench.context = "CTX-1";
    waits(bench.approve());
    assertThat(bench.as("bob").approve().exit()).isZero();
    assertThat(bench.rollback().exit()).isZero();
    bench.context = "CTX-2";
    waits(bench.as("carol").approve());
    assertThat(bench.context().path("approvals").path("given").asInt()).isEqualTo(1);
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void evidenceThatWasChangedSinceTheRunPromotesNothing() throws IOException {
    bench.engine.on(List.of("check"), box -> box.exit(0));
    for (String what : List.of("user", "dryRun", "verdict")) {
      waits(bench.run());
      Path file = bench.contextDir().resolve("context.json");
      String kept = Files.readString(file);
      String changed =
          switch (what) {
            case "user" -> kept.replace("\"user\":\"alice\"", "\"user\":\"mallory\"");
            case "dryRun" -> kept.replace("\"backup\":true", "\"backup\":false");
            default -> kept;
          };
      Files.writeString(file, changed);
      if (what.equals("verdict")) {
        Path verdict = bench.contextDir().resolve("verdict.json");
        Files.writeString(verdict, Files.readString(verdict) + " ");
      }
      RunBench.Ended ended = bench.approve();
      assertThat(ended.exit()).as(what + ended.text()).isEqualTo(19);
      assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
      assertThat(bench.audit()).doesNotContain("approval", "BEGIN");
    }
  }

  @Test
  void aFailedGateIsOverriddenByWhomThePolicyNames() {
    bench.policy(OVERRIDE);
    bench.engine.on(List.of("check"), box -> box.exit(1));
    RunBench.Ended run = bench.run();
    assertThat(run.exit()).as(run.text()).isEqualTo(10);
    assertThat(bench.state()).isEqualTo("awaiting-approval");
    assertThat(bench.approve("check").exit()).isEqualTo(11);
    assertThat(bench.approve("other").exit()).isEqualTo(2);
    assertThat(bench.audit()).doesNotContain("approval");
    assertThat(bench.as("bob").approve().exit()).isEqualTo(10);
    assertThat(bench.state()).isEqualTo("awaiting-approval");
    assertThat(bench.approve("check").exit()).isZero();
    assertThat(bench.tree()).containsEntry("a.txt", "hello\nmore\n");
    assertThat(bench.audit("approval").getLast().path("overrides").toString()).contains("check");
  }

  @Test
  void aDryRunIsOverriddenByNobody() {
    bench.policy(OVERRIDE);
    bench.dryRun = true;
    bench.engine.on(List.of("check"), box -> box.exit(1));
    assertThat(bench.run().exit()).isEqualTo(10);
    assertThat(bench.state()).isEqualTo("failed");
  }

  @Test
  void aPolicyThatChangedWhatItLetsOverrideHasNoOldOverrides() {
    bench.policy(OVERRIDE);
    bench.engine.on(List.of("check"), box -> box.exit(1));
    assertThat(bench.run().exit()).isEqualTo(10);
    bench.policy(OVERRIDE.replace("[bob]", "[alice, bob]"));
    assertThat(bench.as("alice").approve("check").exit()).isEqualTo(14);
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  private static void waits(RunBench.Ended ended) {
    assertThat(ended.exit()).as(ended.text()).isEqualTo(12);
  }
}
