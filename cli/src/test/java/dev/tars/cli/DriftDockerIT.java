package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workspace moves between a run and its approval; and runs that keep no way back. */
class DriftDockerIT {
  private static final String GATE =
      "validation:\n  gates:\n    - { id: check, type: CommandExecution, argv: [test, \"!\", -e, forbidden.txt], timeout: 1m }\n";
  private static final String REVALIDATE = GATE + "promotion: { onDrift: revalidate }\n";

  @TempDir private Path temp;
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(temp);
    terminal.improvement("DO", "echo more >> a.txt");
  }

  @Test
  void anEditElsewhereIsJudgedAgainAndNeedsANewApproval() throws Exception {
    run(REVALIDATE);
    String first = status().path("changeSet").path("digest").asText();
    terminal.write("src/b.txt", "a person goes on working\n");
    Terminal.Ended review = approve();
    assertThat(review.exit()).as(review.err()).isEqualTo(12);
    assertThat(terminal.tree()).containsEntry("a.txt", "hello\n");
    assertThat(status().path("state").asText()).isEqualTo("awaiting-approval");
    assertThat(status().path("changeSet").path("digest").asText()).isNotEqualTo(first);
    Terminal.Ended again = approve();
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(terminal.tree())
        .containsEntry("a.txt", "hello\nmore\n")
        .containsEntry("src/b.txt", "a person goes on working\n");
    assertThat(terminal.run("audit", "verify").exit()).isZero();
  }

  @Test
  void anEditWhereTheChangeIsStaysStale() {
    run(REVALIDATE);
    terminal.write("a.txt", "edited by hand\n");
    Terminal.Ended review = approve();
    assertThat(review.exit()).as(review.err()).isEqualTo(14);
    assertThat(review.err()).contains("a.txt: it moved since the run");
    assertThat(terminal.tree()).containsEntry("a.txt", "edited by hand\n");
  }

  @Test
  void aGateThatSaysNoToTheWorkspaceAsItIsNowStopsIt() throws Exception {
    run(REVALIDATE);
    terminal.write("forbidden.txt", "the gate does not like this\n");
    Terminal.Ended review = approve();
    assertThat(review.exit()).as(review.err()).isEqualTo(10);
    assertThat(terminal.tree()).containsEntry("a.txt", "hello\n");
    assertThat(status().path("state").asText()).isEqualTo("failed");
  }

  @Test
  void byDefaultAnyEditIsStale() {
    run(GATE);
    terminal.write("src/b.txt", "a person goes on working\n");
    assertThat(approve().exit()).isEqualTo(14);
  }

  @Test
  void withoutBackupThereIsNoWayBackAndItSaysSo() {
    String policy = terminal.policy(GATE + "promotion: { backup: optional }\n");
    Terminal.Ended run =
        terminal.run("execute", "improvement", "--id", "DO", "--policy", policy, "--no-backup");
    assertThat(run.exit()).as(run.err()).isEqualTo(12);
    assertThat(approve().exit()).isZero();
    Map<String, String> promoted = terminal.tree();
    Terminal.Ended back = terminal.run("execute", "rollback", "--context-id", "last", "--all");
    assertThat(back.exit()).as(back.err()).isEqualTo(4);
    assertThat(back.err()).contains("can no longer be rolled back").contains("--no-backup");
    assertThat(terminal.tree()).isEqualTo(promoted);
    assertThat(terminal.run("audit", "verify").exit()).isZero();
    assertThat(terminal.run("gc").exit()).isZero();
  }

  private void run(String gates) {
    Terminal.Ended run =
        terminal.run("execute", "improvement", "--id", "DO", "--policy", terminal.policy(gates));
    assertThat(run.exit()).as(run.err()).isEqualTo(12);
  }

  private Terminal.Ended approve() {
    return terminal.run("execute", "review", "--context-id", "last", "--approve");
  }

  private JsonNode status() throws Exception {
    return new ObjectMapper()
        .readTree(
            terminal.run("execute", "status", "--context-id", "last", "--format", "json").out());
  }
}
