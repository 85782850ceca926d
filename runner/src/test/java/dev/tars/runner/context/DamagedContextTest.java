package dev.tars.runner.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A context's document that somebody edited. */
final class DamagedContextTest {
  @TempDir private Path temp;
  private ContextDir dir;
  private ObjectNode whole;

  @BeforeEach
  void whole() {
    dir = StoreLayout.open(LinuxDisk.create(), temp.resolve("state")).newContext();
    whole = KeptDocument.judged(dir.id().text(), "awaiting-approval", "2026-01-01T00:00:00Z");
    whole.withObject("permissions").putArray("write").add("src/**");
  }

  @Test
  void asWeWroteItItOpens() {
    assertThat(open(whole.toString()).baseline().hex()).isEqualTo("0".repeat(64));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "awaiting-approval, promoted-by-me",
        "awaiting-approval, AWAITING-APPROVAL",
        "awaiting-approval, dry-run_passed",
        "sha256:00, sha256:zz",
        "CTX-, CTX-9",
        "tars.context/v1, tars.context/v2",
        "2026-01-01T00, 2026-01-01",
        "src/**, !src/**",
        "\"exitCode\":12, \"exitCode\":0",
        "\"toPeople\":\"full\", \"toPeople\":\"no\"",
      })
  void whatIsNotOursIsNotGoneOnWith(String from, String to) {
    assertThat(whole.toString()).contains(from);
    assertDamaged(() -> open(whole.toString().replace(from, to)));
  }

  @Test
  void withoutABaselineNothingIsPromoted() {
    whole.put("state", "staging").remove(List.of("baseDigest", "changeSet", "verdict"));
    RunContext context = open(whole.toString());
    assertDamaged(context::baseline);
  }

  private static void assertDamaged(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
  }

  private RunContext open(String document) {
    dir.write("context.json", document.getBytes(UTF_8));
    return RunContext.open(dir, Clock.systemUTC(), event -> {});
  }
}
