package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an improvement to the workspace and back, as a user does it. */
class WholeLoopDockerIT {
  private static final String GATE =
      "validation:\n  gates:\n    - { id: check, type: CommandExecution, argv: [test, -f, new/c.txt], timeout: 1m }\n";

  @TempDir private Path temp;
  private Terminal terminal;
  private String policy;

  @BeforeEach
  void open() {
    terminal = new Terminal(temp);
    policy = terminal.policy(GATE);
    terminal.improvement("DO", "echo more >> a.txt; mkdir new; echo c > new/c.txt; rm src/b.txt");
  }

  private JsonNode status() throws Exception {
    Terminal.Ended ended =
        terminal.run("execute", "status", "--context-id", "last", "--format", "json");
    return new ObjectMapper().readTree(ended.out());
  }

  @Test
  void aChangeIsVerifiedApprovedPromotedAndRolledBack() throws Exception {
    Map<String, String> before = terminal.tree();
    Terminal.Ended run = terminal.run("execute", "improvement", "--id", "DO", "--policy", policy);
    assertThat(run.exit()).as(run.err()).isEqualTo(12);
    assertThat(terminal.tree()).isEqualTo(before);
    assertThat(status().path("verdict").path("result").asText()).isEqualTo("passed");
    assertThat(status().path("verdict").path("isolation").path("facts").path("selfTest").asText())
        .isEqualTo("passed");
    Terminal.Ended diff = terminal.run("execute", "diff", "--context-id", "last");
    assertThat(diff.exit()).as(diff.err()).isZero();
    assertThat(diff.out()).contains("diff --git a/a.txt b/a.txt", "\n+more\n");
    assertThat(terminal.run("execute", "diff", "last", "--format", "json").out())
        .contains("\"tars.diff/v1\"", "\\n+more\\n");
    assertThat(terminal.run("execute", "logs", "last", "--format", "json").out())
        .contains("\"tars.logs/v1\"");

    Terminal.Ended list =
        terminal.run("execute", "status", "--state", "awaiting-approval", "--here");
    assertThat(list.out().lines().toList())
        .hasSize(2)
        .last(STRING)
        .containsPattern("^CTX-1 +awaiting-approval +passed +\\d+ (s|min) +");
    Terminal.Ended look = terminal.run("execute", "review", "--color", "always");
    assertThat(look.out())
        .contains("\u001b[33mawaiting-approval", "\u001b[1mdiff --git", "review CTX-1 --approve");

    Terminal.Ended review = terminal.run("execute", "review", "1", "--approve", "--comment", "ok");
    assertThat(review.exit()).as(review.err()).isZero();
    assertThat(terminal.tree())
        .containsEntry("a.txt", "hello\nmore\n")
        .containsEntry("new/c.txt", "c\n")
        .doesNotContainKey("src/b.txt");

    Terminal.Ended again = terminal.run("execute", "review", "--context-id", "last", "--approve");
    assertThat(again.exit()).isEqualTo(14);

    Terminal.Ended preview = terminal.run("execute", "rollback", "--context-id", "last");
    assertThat(preview.exit()).isEqualTo(2);
    aFileOnce();
    Terminal.Ended undo = terminal.run("execute", "rollback", "--context-id", "last", "--all");
    assertThat(undo.exit()).as(undo.err()).isZero();
    assertThat(terminal.tree()).isEqualTo(before);
    assertThat(status().path("rolledBack").asBoolean()).isTrue();

    Terminal.Ended audit = terminal.run("audit", "verify");
    assertThat(audit.exit()).as(audit.err()).isZero();
    assertThat(audit.out() + audit.err()).contains("not anchored");
  }

  /** The second time there is nothing to do, and nothing is on record as done. */
  private void aFileOnce() throws Exception {
    String[] rollback = {"execute", "rollback", "--context-id", "last", "--file-path", "a.txt"};
    assertThat(terminal.run(rollback).exit()).isZero();
    assertThat(terminal.tree()).containsEntry("a.txt", "hello\n").containsEntry("new/c.txt", "c\n");
    int transactions = status().path("transactions").size();
    Terminal.Ended again = terminal.run(rollback);
    assertThat(again.exit()).isEqualTo(4);
    assertThat(again.err()).contains("nothing to roll back at a.txt");
    assertThat(status().path("transactions")).hasSize(transactions);
    assertThat(status().path("state").asText()).isEqualTo("partly-rolled-back");
  }

  @Test
  void aGateThatSaysNoStopsTheRun() {
    Map<String, String> before = terminal.tree();
    terminal.improvement("NOT", "echo more >> a.txt");
    Terminal.Ended run = terminal.run("execute", "improvement", "--id", "NOT", "--policy", policy);
    assertThat(run.exit()).as(run.err()).isEqualTo(10);
    assertThat(terminal.tree()).isEqualTo(before);
  }

  @Test
  void aFileThatAPersonEditedMeanwhileIsNotOverwritten() {
    assertThat(terminal.run("execute", "improvement", "--id", "DO", "--policy", policy).exit())
        .isEqualTo(12);
    terminal.write("a.txt", "edited by hand\n");
    Terminal.Ended review = terminal.run("execute", "review", "--context-id", "last", "--approve");
    assertThat(review.exit()).as(review.err()).isEqualTo(14);
    assertThat(terminal.tree()).containsEntry("a.txt", "edited by hand\n").containsKey("src/b.txt");
  }

  @Test
  void aPolicyThatChangedSinceTheRunVoidsTheApproval() throws Exception {
    assertThat(terminal.run("execute", "improvement", "--id", "DO", "--policy", policy).exit())
        .isEqualTo(12);
    Files.writeString(
        Path.of(policy), Files.readString(Path.of(policy)) + "approval: { selfApproval: allow }\n");
    Terminal.Ended review = terminal.run("execute", "review", "--context-id", "last", "--approve");
    assertThat(review.exit()).as(review.err()).isEqualTo(14);
    assertThat(terminal.tree()).containsEntry("a.txt", "hello\n");
  }

  @Test
  void anAfterCheckThatFailsTakesThePromotionBack() throws Exception {
    String checked =
        terminal.policy(
            "validation:\n  gates:\n    - { id: late, type: CommandExecution, argv: [test, \"!\", -e, late.txt] }\n"
                + "promotion: { requireBase: paths, afterCheck: [late] }\n");
    assertThat(terminal.run("execute", "improvement", "--id", "DO", "--policy", checked).exit())
        .isEqualTo(12);
    terminal.write("late.txt", "a person's file, which the gate does not like\n");
    Map<String, String> before = terminal.tree();
    Terminal.Ended review = terminal.run("execute", "review", "--context-id", "last", "--approve");
    assertThat(review.exit()).as(review.err()).isEqualTo(10);
    assertThat(review.err()).contains("the after-check failed").contains("is rolled back");
    assertThat(terminal.tree()).isEqualTo(before);
    assertThat(status().path("rolledBack").asBoolean()).isTrue();
    assertThat(status().path("state").asText()).isEqualTo("rolled-back");
    assertThat(terminal.leftovers()).isEmpty();
  }

  @Test
  void anAfterCheckThatPassesLeavesThePromotion() {
    String checked = terminal.policy(GATE + "promotion: { afterCheck: [check] }\n");
    assertThat(terminal.run("execute", "improvement", "--id", "DO", "--policy", checked).exit())
        .isEqualTo(12);
    Terminal.Ended review = terminal.run("execute", "review", "--context-id", "last", "--approve");
    assertThat(review.exit()).as(review.err()).isZero();
    assertThat(terminal.tree()).containsEntry("new/c.txt", "c\n");
  }
}
