package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.sandbox.FakeEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates that run once more on the promoted workspace, and the rollback that they cause. */
class AfterCheckTest {
  private static final String CHECKED =
      RunBench.GATE + "promotion: { requireBase: paths, afterCheck: [check] }\n";

  @TempDir private Path temp;
  private RunBench bench;

  @BeforeEach
  void open() {
    bench = new RunBench(temp);
    bench.policy(CHECKED);
    bench.engine.on(List.of("check"), box -> box.exit(box.exists("late.txt") ? 1 : 0));
  }

  @AfterEach
  void nothingIsLeft() {
    bench.requireClean();
  }

  @Test
  void anAfterCheckThatPassesLeavesThePromotion() {
    waits();
    bench.write("late.txt.not", "harmless\n");
    assertThat(bench.approve().exit()).isZero();
    assertThat(bench.engine.purposes())
        .containsExactly("step:edit", "gate:check:after", "gate:check:after");
    assertThat(bench.state()).isEqualTo("promoted");
    assertThat(bench.context().path("transactions")).hasSize(1);
  }

  @Test
  void itRunsOnTheWorkspaceWithTheChangeInIt() {
    bench.engine.on(
        List.of("check"), box -> box.exit(box.read("a.txt").equals("hello\nmore\n") ? 0 : 1));
    waits();
    assertThat(bench.approve().exit()).isZero();
  }

  @Test
  void anAfterCheckThatFailsUndoesThePromotion() {
    waits();
    bench.write("late.txt", "a person's file\n");
    Map<String, String> before = bench.tree();
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(10);
    assertThat(ended.text()).contains("the after-check failed", "is rolled back");
    assertThat(bench.tree()).isEqualTo(before);
    assertThat(bench.state()).isEqualTo("rolled-back");
    assertThat(bench.context().path("rolledBack").asBoolean()).isTrue();
    assertThat(bench.context().path("transactions"))
        .extracting(t -> t.path("kind").asText())
        .containsExactly("promote", "rollback");
    assertThat(bench.audit()).filteredOn("COMMIT"::equals).hasSize(2);
  }

  @Test
  void inARunThatApprovesItselfTheEndIsTheSame() {
    bench.policy(CHECKED + RunBench.AUTO);
    at("promoted", () -> bench.write("late.txt", "a person's file\n"));
    Map<String, String> before = bench.tree();
    RunBench.Ended ended = bench.run();
    assertThat(ended.exit()).as(ended.text()).isEqualTo(10);
    assertThat(bench.state()).isEqualTo("rolled-back");
    assertThat(bench.tree()).containsAllEntriesOf(before).containsKey("late.txt");
  }

  @Test
  void withoutAutomaticRollbackTheChangeStaysAndTheRunHasFailed() {
    bench.autoRollback = false;
    waits();
    bench.write("late.txt", "a person's file\n");
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(10);
    assertThat(ended.text()).contains("the change stays");
    assertThat(bench.state()).isEqualTo("promoted");
    assertThat(bench.context().path("rolledBack").asBoolean()).isFalse();
    assertThat(bench.tree()).containsEntry("a.txt", "hello\nmore\n");
    assertThat(bench.rollback().exit()).isZero();
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void itsBoxesAreProvenEvenWhereTheEngineStartedAgainSinceTheRun() {
    waits();
    bench.engine.restart();
    assertThat(bench.approve().exit()).isZero();
    assertThat(bench.state()).isEqualTo("promoted");
  }

  @Test
  void aCheckThatCannotRunHasNotPassed() {
    waits();
    bench.engine.on(
        List.of("check"),
        box -> {
          throw new dev.tars.runner.model.RunnerException(
              dev.tars.runner.model.FailureCode.IO_FAILED, "no", "no");
        });
    assertThat(bench.approve().exit()).isEqualTo(10);
    assertThat(bench.state()).isEqualTo("rolled-back");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void whatCannotEvenBeginHasNotPassed() {
    waits();
    at("promoted", () -> bench.engine.without(FakeEngine.IMAGE));
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(10);
    assertThat(ended.text()).contains("it could not run");
    assertThat(bench.state()).isEqualTo("rolled-back");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void editsAfterThePromotionAreKeptAndTheRollbackIsSaidToBeIncomplete() {
    waits();
    bench.engine.on(
        List.of("check"),
        box -> {
          bench.write("a.txt", "a person was faster\n");
          return box.exit(1);
        });
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(18);
    assertThat(ended.text()).contains("a.txt", "every byte is kept", "--force");
    assertThat(bench.state()).isEqualTo("rollback-incomplete");
    assertThat(bench.tree()).containsEntry("a.txt", "a person was faster\n");
  }

  @Test
  void aPatchIsCheckedOnACopyBeforeAnybodyIsGivenIt() {
    bench.policy(CHECKED.replace("afterCheck", "target: patch-file, afterCheck") + RunBench.AUTO);
    Map<String, String> before = bench.tree();
    assertThat(bench.run().exit()).isZero();
    assertThat(bench.state()).isEqualTo("promoted");
    assertThat(bench.tree()).isEqualTo(before);
    assertThat(bench.contextDir().resolve(patch())).content().contains("+more");
    assertThat(bench.audit()).contains("patch").doesNotContain("BEGIN");
    assertThat(bench.rollback().exit()).isEqualTo(4);
  }

  @Test
  void aPatchThatFailsOnTheCopyIsGivenToNobody() {
    bench.policy(CHECKED.replace("afterCheck", "target: patch-file, afterCheck"));
    waits();
    bench.write("late.txt", "a person's file\n");
    RunBench.Ended failed = bench.approve();
    assertThat(failed.exit()).as(failed.text()).isEqualTo(10);
    assertThat(failed.text()).contains("no patch was written");
    assertThat(bench.state()).isEqualTo("failed");
    assertThat(bench.context().has("patch")).isFalse();
    assertThat(bench.audit()).doesNotContain("patch", "BEGIN");
  }

  @Test
  void aPatchForAWorkspaceThatMovedIsStale() {
    bench.policy(RunBench.GATE + "promotion: { target: patch-file, requireBase: tree }\n");
    waits();
    bench.write("src/b.txt", "a person goes on\n");
    assertThat(bench.approve().exit()).isEqualTo(14);
    assertThat(bench.context().has("patch")).isFalse();
  }

  private String patch() {
    return Path.of(bench.context().path("patch").path("file").asText()).getFileName().toString();
  }

  private void at(String name, Runnable action) {
    bench.listener =
        event -> {
          if (List.of(event.path("state").asText(), event.path("type").asText()).contains(name)) {
            action.run();
          }
        };
  }

  private void waits() {
    RunBench.Ended ended = bench.run();
    assertThat(ended.exit()).as(ended.text()).isEqualTo(12);
  }
}
