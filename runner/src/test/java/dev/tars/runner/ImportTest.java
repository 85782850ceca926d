package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change is judged on one machine and promoted on another. */
class ImportTest {
  @TempDir private Path temp;
  private RunBench judge;
  private RunBench desk;
  private Path bundle;

  @BeforeEach
  void judgeOnOneMachine() {
    judge = new RunBench(temp.resolve("judge")).as("ci");
    desk = new RunBench(temp.resolve("desk"));
    bundle = temp.resolve("change.tar");
    judge.dryRun = true;
    desk.policy(RunBench.GATE + trust(""));
  }

  @AfterEach
  void nothingIsLeft() {
    desk.requireClean();
  }

  private String trust(String more) {
    return "trust: { keys: { ci-key: " + judge.key() + " }" + more + " }\n";
  }

  private void export() {
    assertThat(judge.run().exit()).isZero();
    assertThat(judge.export(bundle).exit()).isZero();
  }

  @Test
  void whatWasJudgedThereIsJudgedReviewedPromotedAndRolledBackHere() {
    export();
    assertThat(judge.tree()).containsEntry("a.txt", "hello\n");
    ends(desk.take(bundle), 12);
    assertThat(desk.state()).isEqualTo("awaiting-approval");
    assertThat(desk.context().path("imported").path("key").asText()).isEqualTo("ci-key");
    assertThat(desk.context().path("imported").path("ranBy").asText()).isEqualTo("ci");
    assertThat(desk.context().path("imported").path("gates").asText()).isEqualTo("again");
    assertThat(desk.context().path("user").asText()).isEqualTo("alice");
    assertThat(desk.engine.purposes()).containsExactly("gate:check:after");
    assertThat(desk.audit())
        .containsSubsequence("run", "import", "change-set", "verdict", "decisions");
    assertThat(desk.approve().exit()).isZero();
    assertThat(desk.tree()).containsEntry("a.txt", "hello\nmore\n");
    assertThat(desk.state()).isEqualTo("promoted");
    assertThat(desk.rollback().exit()).isZero();
    assertThat(desk.tree()).containsEntry("a.txt", "hello\n");
    assertThat(judge.audit()).contains("export");
  }

  @Test
  void aGateThatFailsHereKeepsOutWhatPassedThere() {
    export();
    desk.engine.on(List.of("check"), box -> box.exit(1));
    ends(desk.take(bundle), 10);
    assertThat(desk.state()).isEqualTo("failed");
    assertThat(desk.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void gatesAreTakenOnTrustOnlyUnderTheSamePolicyOnTheSameTree() {
    String policy = RunBench.GATE + trust(", gates: taken");
    judge.policy(policy);
    desk.policy(policy);
    desk.engine.on(List.of("check"), box -> box.exit(1));
    export();
    ends(desk.take(bundle), 12);
    assertThat(desk.engine.purposes()).isEmpty();
    assertThat(desk.context().path("imported").path("gates").asText()).isEqualTo("taken");
    assertThat(desk.context().path("verdict").path("result").asText()).isEqualTo("passed");
    assertThat(desk.approve().exit()).isZero();
    assertThat(desk.tree()).containsEntry("a.txt", "hello\nmore\n");
  }

  @Test
  void underAnotherPolicyGatesRunAgainAlthoughTheyMayBeTaken() {
    export();
    desk.policy(RunBench.GATE + trust(", gates: taken"));
    ends(desk.take(bundle), 12);
    assertThat(desk.engine.purposes()).containsExactly("gate:check:after");
    assertThat(desk.context().path("imported").path("gates").asText()).isEqualTo("again");
  }

  @Test
  void whatThePolicyHereDoesNotLetBeWrittenIsDenied() {
    export();
    desk.policy(
        RunBench.GATE + trust("") + "filesystem: { protect: [{ id: own, paths: [a.txt] }] }\n");
    ends(desk.take(bundle), 11);
    assertThat(desk.state()).isEqualTo("denied");
  }

  @Test
  void anotherTreeIsStaleUnlessThePolicyJudgesTheChangeOnIt() {
    export();
    desk.write("src/b.txt", "moved on\n");
    RunBench.Ended stale = desk.take(bundle);
    assertThat(stale.exit()).isEqualTo(14);
    assertThat(stale.text()).contains("another tree", "onDrift: revalidate");
    desk.policy(RunBench.GATE + trust("") + "promotion: { onDrift: revalidate }\n");
    ends(desk.take(bundle), 12);
    assertThat(desk.approve().exit()).isZero();
    assertThat(desk.tree())
        .containsEntry("a.txt", "hello\nmore\n")
        .containsEntry("src/b.txt", "moved on\n");
  }

  @Test
  void aTreeThatMovedWhereTheChangeIsStaysStale() {
    export();
    desk.policy(RunBench.GATE + trust("") + "promotion: { onDrift: revalidate }\n");
    desk.write("a.txt", "edited here\n");
    RunBench.Ended ended = desk.take(bundle);
    assertThat(ended.exit()).isEqualTo(14);
    assertThat(ended.text()).contains("a.txt");
  }

  @Test
  void whoRanItThereCountsAsOneWhomTheChangeComesFrom() {
    export();
    desk.shared().policy(RunBench.GATE + trust("") + "approval: { selfApproval: deny }\n");
    assertThat(desk.as("ann").take(bundle).exit()).isEqualTo(12);
    assertThat(desk.as("ann").approve().exit()).isEqualTo(12);
    assertThat(desk.as("ci").approve().exit()).isEqualTo(12);
    assertThat(desk.as("bob").approve().exit()).isZero();
  }

  @Test
  void aBundleIsGoodForOneAnswer() {
    export();
    ends(desk.take(bundle), 12);
    refused(desk.take(bundle), "was imported before, as CTX-1, which waits for approval");
    assertThat(desk.approve().exit()).isZero();
    assertThat(desk.rollback().exit()).isZero();
    desk.write("a.txt", "hello\n");
    refused(desk.take(bundle), "was imported before, as CTX-1, which was promoted");
  }

  @Test
  void whatWasRejectedDoesNotComeBackInTheSameBundle() {
    export();
    ends(desk.take(bundle), 12);
    assertThat(desk.reject().exit()).isEqualTo(13);
    refused(desk.take(bundle), "which was rejected");
  }

  @Test
  void anImportThatCameToNothingMayBeTriedAgain() {
    export();
    desk.engine.on(List.of("check"), box -> box.exit(1));
    ends(desk.take(bundle), 10);
    desk.engine.on(List.of("check"), box -> box.exit(0));
    ends(desk.take(bundle), 12);
  }

  @Test
  void withoutAKeyThatThePolicyNamesNothingIsTaken() {
    export();
    refused(desk.policy(RunBench.GATE).take(bundle), "names no key");
    refused(
        desk.policy(
                RunBench.GATE
                    + "trust: { keys: { other:"
                    + " MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= } }\n")
            .take(bundle),
        "names no key");
    assertThat(desk.audit()).doesNotContain("run", "import");
  }

  @Test
  void onlyWhatTheAuditLogVouchesForIsSigned() throws Exception {
    assertThat(judge.run().exit()).isZero();
    Path verdict = judge.contextDir().resolve("verdict.json");
    String forged = java.nio.file.Files.readString(verdict).replace("passed", "failed");
    java.nio.file.Files.writeString(verdict, forged);
    assertThat(judge.export(bundle).exit()).isEqualTo(19);
    assertThat(bundle).doesNotExist();
  }

  private static void ends(RunBench.Ended ended, int exit) {
    assertThat(ended.exit()).as(ended.text()).isEqualTo(exit);
  }

  private static void refused(RunBench.Ended ended, String why) {
    assertThat(ended.exit()).isEqualTo(19);
    assertThat(ended.text()).contains(why);
  }
}
