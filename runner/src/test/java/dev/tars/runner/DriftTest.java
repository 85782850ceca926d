package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The workspace moves on between a run and its promotion. */
class DriftTest {
  private static final String REVALIDATE =
      RunBench.GATE + "promotion: { onDrift: revalidate, requireBase: tree }\n";

  @TempDir private java.nio.file.Path temp;
  private RunBench bench;

  @BeforeEach
  void open() {
    bench = new RunBench(temp);
    bench.engine.on(List.of("check"), box -> box.exit(box.exists("forbidden.txt") ? 1 : 0));
  }

  @AfterEach
  void nothingIsLeft() {
    bench.requireClean();
  }

  @Test
  void byDefaultAnyEditMakesTheChangeStale() {
    waits(bench.policy(RunBench.GATE + "promotion: { requireBase: tree }\n").run());
    bench.write("src/b.txt", "a person goes on\n");
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(14);
    assertThat(ended.text()).contains("src/b.txt", "nothing was changed");
    assertThat(bench.state()).isEqualTo("stale");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
    assertThat(bench.approve().exit()).isEqualTo(14);
  }

  @Test
  void withRequireBasePathsAnEditElsewhereIsNoDrift() {
    waits(bench.policy(RunBench.GATE + "promotion: { requireBase: paths }\n").run());
    bench.write("src/b.txt", "a person goes on\n");
    assertThat(bench.approve().exit()).isZero();
    assertThat(bench.tree())
        .containsEntry("a.txt", "hello\nmore\n")
        .containsEntry("src/b.txt", "a person goes on\n");
  }

  @ParameterizedTest
  @CsvSource({"everything, 14", "tree, 0", "paths, 0"})
  void ignoredFilesAreDriftForWhoWantsEverythingAsItWas(String base, int exit) {
    bench.write(".gitignore", "*.log\n").write("build.log", "one\n");
    waits(bench.policy(RunBench.GATE + "promotion: { requireBase: " + base + " }\n").run());
    bench.write("build.log", "one\ntwo\n");
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(exit);
    assertThat(ended.text().contains("build.log")).isEqualTo(exit == 14);
  }

  @Test
  void whatThePolicyAloneApprovesMustBeOnTheWholeTreeThatWasVerified() {
    bench.policy(RunBench.GATE + RunBench.AUTO + "promotion: { requireBase: paths }\n");
    atEachApproval(1);
    assertThat(bench.run().exit()).isEqualTo(14);
    assertThat(bench.state()).isEqualTo("stale");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void anEditElsewhereIsJudgedAgainAndWhatPeopleSaidBeforeCountsForNothing() {
    waits(bench.policy(REVALIDATE).run());
    JsonNode first = bench.context();
    bench.write("src/b.txt", "a person goes on\n");
    waits(bench.approve());
    JsonNode second = bench.context();
    assertThat(second.path("changeSet").path("digest"))
        .isNotEqualTo(first.path("changeSet").path("digest"));
    assertThat(second.path("baseDigest")).isNotEqualTo(first.path("baseDigest"));
    assertThat(second.path("approvals").path("given").asInt()).isZero();
    assertThat(bench.audit()).containsSubsequence("approval", "revalidated", "verdict");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
    assertThat(bench.approve().exit()).isZero();
    assertThat(bench.tree())
        .containsEntry("a.txt", "hello\nmore\n")
        .containsEntry("src/b.txt", "a person goes on\n");
    assertThat(bench.state()).isEqualTo("promoted");
  }

  @Test
  void everyGateRunsAgainOnTheWorkspaceAsItIsNow() {
    waits(bench.policy(REVALIDATE).run());
    bench.write("forbidden.txt", "the gate does not like this\n");
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(10);
    assertThat(bench.state()).isEqualTo("failed");
    assertThat(bench.context().path("verdict").path("result").asText()).isEqualTo("failed");
    assertThat(bench.context().has("approvals")).isFalse();
    assertThat(bench.engine.purposes())
        .containsExactly("step:edit", "gate:check:after", "gate:check:after");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void anEditWhereTheChangeIsStaysStale() {
    waits(bench.policy(REVALIDATE).run());
    bench.write("a.txt", "edited by hand\n");
    RunBench.Ended ended = bench.approve();
    assertThat(ended.exit()).isEqualTo(14);
    assertThat(ended.text()).contains("a.txt", "it moved since the run");
    assertThat(bench.state()).isEqualTo("stale");
    assertThat(bench.tree()).containsEntry("a.txt", "edited by hand\n");
  }

  @Test
  void aRunThatApprovesItselfFollowsTheWorkspaceInOneCall() {
    bench.policy(REVALIDATE + RunBench.AUTO);
    atEachApproval(1);
    assertThat(bench.run().exit()).isZero();
    assertThat(bench.states())
        .containsExactly(
            "planned",
            "staging",
            "running",
            "validating",
            "approved",
            "promoting",
            "validating",
            "approved",
            "promoting",
            "promoted");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\nmore\n").containsEntry("0.txt", "0");
  }

  @Test
  void itFollowsThreeTimesAndThenTheChangeIsStale() {
    bench.policy(REVALIDATE + RunBench.AUTO);
    atEachApproval(100);
    assertThat(bench.run().exit()).isEqualTo(14);
    assertThat(bench.state()).isEqualTo("stale");
    assertThat(bench.states()).filteredOn("promoting"::equals).hasSize(4);
    assertThat(bench.audit()).filteredOn("revalidated"::equals).hasSize(3);
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void theDecisionsOfAChangeThatIsJudgedAgainAreOnRecord() {
    waits(bench.policy(REVALIDATE).run());
    bench.write("src/c.txt", "new\n");
    waits(bench.approve());
    assertThat(bench.audit("decisions")).hasSize(2);
    assertThat(gates()).isEqualTo(2);
    JsonNode last = bench.audit("decisions").getLast();
    assertThat(last.path("distinct").asInt()).isEqualTo(bench.lines("decisions.jsonl").size());
    assertThat(last.path("allow").asLong())
        .isGreaterThan(bench.audit("decisions").getFirst().path("allow").asLong());
  }

  /** How often the gate was decided, in all. */
  private long gates() {
    return bench.lines("decisions.jsonl").stream()
        .filter(d -> d.path("request").has("gate"))
        .mapToLong(d -> d.path("count").asLong())
        .sum();
  }

  /** A person saves a file of their own just when the change is about to be promoted. */
  private void atEachApproval(int times) {
    int[] saved = {0};
    bench.listener =
        event -> {
          if (event.path("state").asText().equals("approved") && saved[0] < times) {
            bench.write(saved[0] + ".txt", String.valueOf(saved[0]++));
          }
        };
  }

  private static void waits(RunBench.Ended ended) {
    assertThat(ended.exit()).as(ended.text()).isEqualTo(12);
  }
}
