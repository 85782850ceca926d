package dev.tars.runner.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Secrets;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DB_PASSWORD=s3cr3tvalue",
        "x --api-key: s3cr3tvalue y",
        "Authorization: Bearer s3cr3tvalue",
        "https://me:s3cr3tvalue@host/x",
        "token=s3cr3tvalue, and",
        "-----BEGIN RSA PRIVATE KEY-----\ns3cr3tvalue\n-----END RSA PRIVATE KEY-----"
      })
  void aSecretInFreeTextNeverReachesTheDisk(String text) throws IOException {
    AuditLog log = log();
    log.append("approval", CanonicalJson.object().put("comment", text));
    assertThat(content()).doesNotContain("s3cr3tvalue").contains(Secrets.MARK);
    assertThat(log.verify(Optional.empty()).problem()).isEmpty();
  }

  @Test
  void whatNobodyTakesOutStays() throws IOException {
    log().append("note", CanonicalJson.object().put("comment", "hunter2 in tokens.txt: see above"));
    assertThat(content()).contains("hunter2 in tokens.txt: see above");
  }

  @Test
  void thePolicysPatternsAreTakenOutToo() throws IOException {
    AuditLog log = log();
    log.append("note", CanonicalJson.object().put("comment", "case 4711-0815"));
    assertThat(content()).contains("4711-0815"); // the control
    log.alsoRedact(text -> text.replaceAll("[0-9]{4}-[0-9]{4}", "gone"));
    log.append("note", CanonicalJson.object().put("comment", "case 1111-2222"));
    assertThat(content()).doesNotContain("1111-2222");
  }

  @Test
  void aLongHostileTextCostsNoTime() {
    String text = "token".repeat(20_000) + "a-".repeat(20_000) + "://".repeat(20_000);
    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> Redaction.builtIn().text(text));
  }

  private AuditLog log() throws IOException {
    Files.createDirectories(temporary.resolve("ws"));
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temporary.resolve("state"));
    return AuditLog.open(layout, layout.workspace(temporary.resolve("ws")), Clock.systemUTC());
  }

  private String content() throws IOException {
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temporary.resolve("state"));
    return Files.readString(
        layout.workspace(temporary.resolve("ws")).path().resolve("log/audit.jsonl"));
  }
}
