package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a policy says must not be recorded is in no decision record, and nothing comes of its rest.
 */
class AuditedDecisionsTest {
  private static final String SECRET = "hunter2hunter2";
  private static final String BODY =
      "processes: { allow: [{ id: ls, argv: [ls] }] }\n"
          + "filesystem: { write: [{ id: w, paths: [\"src/**\"], reason: \"for "
          + SECRET
          + "\" }] }\n";
  private static final String REDACT = "audit: { redact: [\"hunter2[a-z0-9]*\"] }\n";

  @TempDir private Path temp;

  private static List<Request> requests() {
    byte[] odd = ("src/\u0000" + SECRET).getBytes(StandardCharsets.ISO_8859_1);
    odd[4] = (byte) 0xff;
    return List.of(
        new Request.Run(List.of("ls")),
        new Request.Run(List.of("curl", "--password=" + SECRET)),
        new Request.Env("X_" + SECRET),
        new Request.Write(RelativePath.of("src/" + SECRET), FileOperation.MODIFY),
        new Request.Write(RelativePath.of(Bytes.of(odd)), FileOperation.MODIFY),
        new Request.Write(RelativePath.of("etc/" + SECRET), FileOperation.MODIFY));
  }

  private String written(ToolBench bench, String body) throws IOException {
    EffectivePolicy policy = bench.policy(body);
    String id = bench.context(policy, bench.file("p.yaml", body), requests());
    return Files.readString(
        bench.base.resolve("state").resolve("contexts").resolve(id).resolve("decisions.jsonl"));
  }

  private static String hex(String text) {
    return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theSecretIsInNoRecord() throws IOException {
    assertThat(written(new ToolBench(temp.resolve("a")), BODY))
        .contains(SECRET, hex(SECRET)); // it is there to be taken out
    String redacted = written(new ToolBench(temp.resolve("b")), BODY + REDACT);
    assertThat(redacted).doesNotContain(SECRET).doesNotContain(hex(SECRET)).contains("[redacted]");
    assertThat(redacted.lines()).hasSize(requests().size());
  }

  @Test
  void whatLooksLikeACredentialIsInNoRecordWhateverThePolicySays() throws IOException {
    String token = "ghp_" + "a1B2".repeat(9);
    ToolBench bench = new ToolBench(temp);
    List<Request> asked =
        List.of(
            new Request.Run(List.of("sh", "-c", "TOKEN=" + SECRET + " deploy")),
            new Request.Run(List.of("curl", "-H", "x: " + token)));
    String id = bench.context(bench.policy(BODY), bench.file("p.yaml", BODY), asked);
    assertThat(
            Files.readString(
                bench.base.resolve("state/contexts").resolve(id).resolve("decisions.jsonl")))
        .doesNotContain(SECRET)
        .doesNotContain(token)
        .contains("TOKEN=[redacted] deploy");
  }

  @Test
  void whatWasTakenOutIsNeitherLearnedNorReplayed() {
    ToolBench bench = new ToolBench(temp);
    String body = BODY + REDACT;
    String file = bench.file("p.yaml", body);
    String id = bench.context(bench.policy(body), file, requests());
    Learned learned = bench.tools().learn(List.of(id), Optional.of(file));
    assertThat(learned.policy()).isEmpty();
    assertThat(learned.refused()).hasSize(3);
    assertThat(learned.refused().getFirst().why()).contains("audit.redact");
    String open =
        bench.file(
            "open.yaml",
            "processes: { allow: [{ id: any, any: true }] }\n"
                + body.lines().skip(1).reduce("", (a, b) -> a + b + "\n"));
    assertThat(bench.tools().impact(open, List.of(id)).anyFlips()).isFalse();
  }

  @Test
  void denialsOnlyRecordsNoAllowedDecision() throws IOException {
    String all = written(new ToolBench(temp.resolve("a")), BODY);
    String some =
        written(new ToolBench(temp.resolve("b")), BODY + "audit: { decisions: denies }\n");
    assertThat(all.lines().filter(l -> l.contains("\"decision\":\"allow\""))).hasSize(3);
    assertThat(some.lines().filter(l -> l.contains("\"decision\":\"allow\""))).isEmpty();
    assertThat(some.lines()).hasSize(3);
    List<DecisionRecord> read = dev.tars.runner.decisions.DecisionLog.parse(some, "x");
    assertThat(read).extracting(DecisionRecord::seq).containsExactly(2L, 3L, 6L);
  }
}
