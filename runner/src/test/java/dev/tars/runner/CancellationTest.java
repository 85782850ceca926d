package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.context.Cancellation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that somebody stops, wherever it is just then. */
class CancellationTest {
  @TempDir private Path temp;
  private RunBench bench;

  @BeforeEach
  void open() {
    bench = new RunBench(temp);
    bench.policy(RunBench.GATE + RunBench.AUTO);
  }

  @AfterEach
  void nothingIsLeft() {
    bench.requireClean();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "staging",
        "running",
        "step-started",
        "step",
        "validating",
        "gate-started",
        "gate",
        "approved",
        "promoting"
      })
  void aSignalBetweenAnyTwoStagesStopsTheRun(String at) {
    on(at, bench.cancellation::interrupt);
    stopped();
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "step", "gate", "promoting"})
  void whatAnotherProcessAsksForIsTheSame(String at) {
    on(at, bench::cancel);
    stopped();
  }

  @Test
  void aCommandThatGoesOnIsStopped() {
    bench.engine.on(
        "edit",
        box -> {
          bench.cancellation.interrupt();
          return box.hang();
        });
    stopped();
    assertThat(bench.states()).containsExactly("planned", "staging", "running", "cancelled");
  }

  @Test
  void aGateThatGoesOnIsStopped() {
    bench.engine.on(
        List.of("check"),
        box -> {
          bench.cancellation.interrupt();
          return box.hang();
        });
    stopped();
    assertThat(bench.states())
        .containsExactly("planned", "staging", "running", "validating", "cancelled");
  }

  @Test
  void aRunOfFileStepsAloneIsStoppedToo() {
    bench.plan(
        "steps:\n  - { id: n, type: FileCreation, action: { file: n.txt, content: \"n\\n\" } }\n");
    bench.policy(RunBench.AUTO);
    on("step", bench.cancellation::interrupt);
    stopped();
  }

  @Test
  void aChangeThatIsFollowedToAWorkspaceThatMovedIsStillStopped() {
    bench.policy(
        RunBench.GATE + RunBench.AUTO + "promotion: { onDrift: revalidate, requireBase: tree }\n");
    int[] validated = {0};
    bench.listener =
        event -> {
          String state = event.path("state").asText();
          if (state.equals("approved")) {
            bench.write("new.txt", "a person goes on\n");
          }
          if (state.equals("validating") && ++validated[0] == 2) {
            bench.cancellation.interrupt();
          }
        };
    bench.engine.on(List.of("check"), box -> validated[0] == 2 ? box.hang() : box.exit(0));
    stopped();
  }

  @Test
  void whatIsPromotedStaysPromoted() {
    on("promoted", bench.cancellation::interrupt);
    assertThat(bench.run().exit()).isZero();
    assertThat(bench.state()).isEqualTo("promoted");
  }

  @Test
  void aRunThatWasStoppedCanBeRunAgain() {
    on("gate", bench.cancellation::interrupt);
    stopped();
    bench.listener = event -> {};
    bench.cancellation = new Cancellation();
    assertThat(bench.run().exit()).isZero();
  }

  private void on(String at, Runnable action) {
    bench.listener =
        event -> {
          if (isAt(event, at)) {
            action.run();
          }
        };
  }

  private static boolean isAt(JsonNode event, String at) {
    return event.path("type").asText().equals(at) || event.path("state").asText().equals(at);
  }

  private void stopped() {
    RunBench.Ended ended = bench.run();
    assertThat(ended.exit()).as(ended.text()).isEqualTo(130);
    assertThat(bench.state()).isEqualTo("cancelled");
    assertThat(bench.context().path("next").asText()).isEqualTo("run it again");
    assertThat(bench.tree()).containsEntry("a.txt", "hello\n").doesNotContainKey("n.txt");
    assertThat(bench.audit()).doesNotContain("COMMIT");
    assertThat(bench.audit("run-ended").getLast().path("state").asText()).isEqualTo("cancelled");
  }
}
