package dev.tars.runner.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.AuditRules;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileKind;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionLogTest {
  private static final DecisionRecord.Made MADE =
      new DecisionRecord.Made(Enforcer.CHANGE_SET, Certainty.OBSERVED, "");

  private static Request path(int n) {
    return new Request.Write(RelativePath.of("p" + n), FileOperation.MODIFY);
  }

  private static Decision by(Effect effect) {
    return new Decision(
        effect,
        List.of(new RuleMatch("r", "user", new SourcePosition("f", 3, 5), effect, "why", "fix")),
        effect == Effect.ASK ? List.of("a") : List.of());
  }

  @Test
  void theSameDecisionIsOneRecordWithACount() {
    DecisionLog log = new DecisionLog();
    for (int i = 0; i < 5; i++) {
      var _ = log.add(path(1), by(Effect.ALLOW), MADE);
    }
    assertThat(log.records()).hasSize(1);
    assertThat(log.records().getFirst().count()).isEqualTo(5);
  }

  @Test
  void aFloodOfAllowedPathsHidesNoDenial() {
    DecisionLog log = new DecisionLog(100);
    for (int i = 0; i < 10_000; i++) {
      var _ = log.add(path(i), by(Effect.ALLOW), MADE);
    }
    var _ = log.add(path(-1), by(Effect.DENY), MADE);
    assertThat(log.records()).hasSize(101);
    assertThat(log.records().getLast().decision().denied()).isTrue();
  }

  @Test
  void everyKindOfRequestComesBackAsItWas() {
    List<Request> all =
        List.of(
            new Request.Write(RelativePath.of("a b/ü"), FileOperation.DELETE),
            new Request.Write(
                RelativePath.of(Bytes.of(new byte[] {'a', (byte) 0xff})), FileOperation.CREATE),
            new Request.Read(RelativePath.of("x\ny")),
            new Request.File(
                new FileFacts(
                    RelativePath.of("x"), FileKind.NATIVE_LIBRARY, "other", Set.of("setuid"))),
            new Request.Run(List.of("a", "", "b c")),
            new Request.Connect("h.example", 443, NetworkPhase.PREPARE),
            new Request.Env("A"),
            new Request.Scratch(RelativePath.of("target/x")),
            new Request.Limit("fileSize", 1L << 40),
            new Request.Content(RelativePath.of("x"), "secrets"),
            new Request.Gate("g"));
    DecisionLog log = new DecisionLog();
    all.forEach(r -> {
      var _ = log.add(r, by(Effect.ASK), MADE);
    });
    String text =
        log.records().stream().map(r -> r.json().toString()).collect(Collectors.joining("\n"));
    assertThat(DecisionLog.parse(text, "x")).isEqualTo(log.records());
  }

  @Test
  void damageIsSaidAndNotReadOver() {
    for (String bad :
        List.of("{", "[]", "{}", "{\"schema\":\"tars.decision/v1\"}", "null", "\"x\"")) {
      assertThatThrownBy(() -> DecisionLog.parse(bad, "x"))
          .as(bad)
          .isInstanceOf(RunnerException.class);
    }
  }

  @Test
  void aCredentialThatIsAWordOfItsOwnIsInNoRecord(@TempDir Path temp) {
    Request run =
        new Request.Run(List.of("deploy", "--db-password", "s3cr3tvalue", "--verbose", "host"));
    assertThat(Requests.json(run).toString()).contains("s3cr3tvalue"); // the control
    DecisionLog log = new DecisionLog();
    var _ = log.add(run, by(Effect.ALLOW), MADE);
    ContextDir dir = StoreLayout.open(LinuxDisk.create(), temp.resolve("state")).newContext();
    var _ = log.save(dir, new AuditRules(false, List.of()));
    String kept = new String(dir.read("decisions.jsonl"), StandardCharsets.UTF_8);
    assertThat(kept)
        .contains("[\"deploy\",\"--db-password\",\"[redacted]\",\"--verbose\",\"host\"]");
    assertThat(DecisionLog.read(dir).getFirst().isRedacted()).isTrue();
  }
}
