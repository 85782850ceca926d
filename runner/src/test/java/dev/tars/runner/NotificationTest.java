package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People are told of what happened, and not of nothing. */
class NotificationTest {
  private static final String TELL =
      "  - { id: %s, type: Notification, action: { channel: team, message: \"%s\" }%s }\n";

  @TempDir private Path base;
  private RunBench bench;

  @BeforeEach
  void open() {
    bench = new RunBench(base);
    bench.engine.on("nothing", box -> box.exit(0)).on("fail", box -> box.exit(1));
    bench.policy(RunBench.GATE + RunBench.AUTO + "notifications: { team: { file: team.jsonl } }\n");
  }

  @Test
  void aChangeIsNotified() throws IOException {
    bench.plan(RunBench.step("edit") + TELL.formatted("tell", "done", ""));

    assertThat(bench.run().exit()).isZero();
    assertThat(messages()).containsExactly("done");
  }

  @Test
  void anEmptyChangeNotifiesNobody() throws IOException {
    bench.plan(
        TELL.formatted("before", "begun", "").replaceFirst("^", "steps:\n")
            + RunBench.step("nothing").replace("steps:\n", "")
            + TELL.formatted("tell", "done", "")
            + "  - { id: ok, type: Approval, action: { rule: any, message: look } }\n"
            + TELL.formatted("after", "approved", ", dependsOn: [ok]"));
    bench.policy(
        "approval: { rules: [ { id: any, when: \"true\", require: { count: 1 } } ] }\n"
            + "notifications: { team: { file: team.jsonl } }\n");

    assertThat(bench.run().text()).isEmpty();
    assertThat(messages()).isEmpty();
    assertThat(bench.lines("events.jsonl").toString())
        .contains("nothing changed: the notification of step before is not sent")
        .contains("nothing changed: the notification of step tell is not sent");
  }

  @Test
  void aFailureIsNotifiedWhateverTheChange() throws IOException {
    bench.plan(
        RunBench.step("fail").replace(" }\n", ", onFailure: continue }\n")
            + TELL.formatted(
                "alarm", "it failed", ", dependsOn: [ { step: fail, result: failed } ]"));

    assertThat(bench.run().exit()).isZero();
    assertThat(messages()).containsExactly("it failed");
  }

  @Test
  void whatWasSaidBeforeAFailureIsSent() throws IOException {
    bench.plan(
        TELL.formatted("before", "begun", "").replaceFirst("^", "steps:\n")
            + RunBench.step("fail").replace("steps:\n", "")
            + TELL.formatted("after", "done", ", dependsOn: [fail]"));

    assertThat(bench.run().exit()).isEqualTo(10);
    assertThat(messages()).containsExactly("begun");
  }

  @Test
  void aDryRunNotifiesNobody() throws IOException {
    bench.dryRun = true;
    bench.plan(RunBench.step("edit") + TELL.formatted("tell", "done", ""));

    assertThat(bench.run().exit()).isZero();
    assertThat(messages()).isEmpty();
  }

  private List<String> messages() throws IOException {
    Path file = bench.state.resolve("team.jsonl");
    return Files.exists(file)
        ? Files.readAllLines(file).stream()
            .map(line -> line.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1"))
            .toList()
        : List.of();
  }
}
