package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Results;
import dev.tars.runner.model.RunnerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who comes after a kill, and knows nothing but what is printed. */
final class Follower {
  static final String BEFORE = "hello\n";
  static final String AFTER = "hello\nmore\n";
  private static final Pattern TRANSACTION = Pattern.compile("--transaction-id (TX-[0-9]+)");

  private final RunBench bench;
  private final Story story;
  private final String where;
  private final List<String> did = new ArrayList<>();

  Follower(RunBench bench, Story story, String where) {
    this.bench = bench;
    this.story = story;
    this.where = where;
  }

  /** Does what is advised until the end is reached, and then what is advised there. */
  void follow() {
    if (story == Story.REJECT) {
      somebodyElseRuns();
    }
    for (int turn = 0; turn < 6; turn++) {
      Optional<ContextRecord> record = status();
      record.ifPresent(this::agrees);
      String state = record.map(r -> r.state().id()).orElse("nothing");
      String next = record.map(r -> r.progress().next().full()).orElse("run it again");
      did.add(state + ": " + next);
      if (state.matches(story.end)) {
        ended(state, next);
        return;
      }
      step(next);
    }
    throw new AssertionError("the advice leads nowhere: " + said());
  }

  /** Takes away what the dead run left, and with it whatever only that would say. */
  private void somebodyElseRuns() {
    bench.dryRun = true;
    assertThat(bench.run().exit()).as(where).isZero();
    bench.dryRun = false;
    bench.context = "CTX-1";
  }

  private void ended(String state, String next) {
    assertThat(bench.recover().exit()).as(said()).isZero();
    agrees(status().orElseThrow());
    if (story == Story.APPROVE) {
      assertThat(bench.context().path("contextId").asText())
          .as("the approval is kept: " + said())
          .isEqualTo("CTX-1");
    }
    verifies();
    bench.requireClean();
    boolean promoted = state.equals("promoted") && story != Story.PATCH;
    if (promoted) {
      assertThat(next).as(said()).contains("execute rollback", "--all");
      assertThat(bench.rollback().exit()).as(said()).isZero();
      assertThat(content()).as(said()).isEqualTo(BEFORE);
    } else if (story == Story.ROLLBACK) {
      Matcher id = TRANSACTION.matcher(next);
      assertThat(id.find()).as(said()).isTrue();
      bench.takeBack(id.group(1));
      assertThat(content()).as(said()).isEqualTo(AFTER);
    } else {
      assertThat(content()).as(said()).isEqualTo(BEFORE);
    }
    status().ifPresent(this::agrees);
  }

  private void verifies() {
    bench.command(runner -> {
      AuditReport report = runner.verifyAudit(Optional.empty());
      assertThat(report.log().problem()).as(said()).isEmpty();
      assertThat(report.missing()).as(said()).isEmpty();
      return new RunBench.Ended(0, Optional.empty());
    });
  }

  private Optional<ContextRecord> status() {
    try (SandboxRunner runner = bench.open()) {
      if (runner.banner().isPresent()) {
        did.add("recover");
        assertThat(bench.recover().exit()).as(said()).isZero();
      }
      List<String> ids = runner.contexts().ids();
      return ids.isEmpty() || (story == Story.IMPORT && ids.size() < 2)
          ? Optional.empty()
          : Optional.of(runner.contexts().record(bench.context));
    } catch (RunnerException e) {
      throw new AssertionError(said() + ": " + e.getMessage(), e);
    }
  }

  private void step(String next) {
    if (next.contains("execute recover")) {
      bench.recover();
    } else if (next.contains("run it again")) {
      if (story == Story.IMPORT) {
        story.act(bench);
      } else {
        bench.run();
      }
    } else if (next.contains("execute review")) {
      if (story == Story.REJECT) {
        bench.reject();
      } else {
        bench.approve();
      }
    } else if (next.contains("execute rollback") && story == Story.ROLLBACK) {
      bench.rollback();
    } else {
      throw new AssertionError("advice that nobody can follow: " + said());
    }
  }

  /** What is told, what the log holds and what the workspace is are the same. */
  private void agrees(ContextRecord record) {
    List<String> told =
        record.results().transactions().stream()
            .filter(t -> t.state() == Results.Transaction.Ended.COMMITTED)
            .map(t -> t.id().text())
            .toList();
    List<String> logged = ours(record, "COMMIT", "transaction");
    assertThat(told).as(said()).isEqualTo(logged);
    String state = record.state().id();
    boolean stands = logged.size() % 2 == 1;
    assertThat(content()).as(said()).isEqualTo(stands ? AFTER : BEFORE);
    List<String> patches = ours(record, "patch", "patch");
    assertThat(patches.size()).as(said()).isLessThan(2);
    assertThat(state.equals("promoted"))
        .as(said() + " and is " + state)
        .isEqualTo(stands || !patches.isEmpty());
    List<String> verbs = ours(record, "approval", "verb");
    if (!verbs.isEmpty() && verbs.getLast().equals("reject")) {
      assertThat(state).as(said()).isEqualTo("rejected");
    }
  }

  private List<String> ours(ContextRecord record, String type, String field) {
    return bench.audit(type).stream()
        .filter(p -> p.path("context").asText().equals(record.id().text()))
        .map((JsonNode p) -> p.path(field).asText())
        .toList();
  }

  private String content() {
    return bench.tree().getOrDefault("a.txt", "");
  }

  private String said() {
    return where + ", then " + did;
  }
}
