package dev.tars.runner.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A context's document that somebody edited. */
final class DamagedContextTest {
  @TempDir private Path temp;
  private ContextDir dir;
  private String whole;

  @BeforeEach
  void whole() {
    dir = StoreLayout.open(LinuxDisk.create(), temp.resolve("state")).newContext();
    whole =
        "{'contextId':'ID','state':'awaiting-approval','baseDigest':'sha256:%s',"
                .formatted("0".repeat(64))
            + "'transactions':[{'id':'TX-1'}]}";
    whole = whole.replace('\'', '"').replace("ID", dir.id().text());
  }

  @Test
  void asWeWroteItItOpens() {
    assertThat(open(whole).baseline().hex()).isEqualTo("0".repeat(64));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "awaiting-approval, promoted-by-me",
        "\"awaiting-approval\", 7",
        "\"state\", \"stat\"",
        "sha256:00, sha256:zz",
        "[{\"id\":\"TX-1\"}], 7",
        "[{\"id\":\"TX-1\"}], [\"TX-1\"]",
        "CTX-, CTX-9",
      })
  void whatIsNotOursIsNotGoneOnWith(String from, String to) {
    assertThat(whole).contains(from);
    assertDamaged(() -> open(whole.replace(from, to)));
  }

  @Test
  void withoutABaselineNothingIsPromoted() {
    RunContext context = open(whole.replace("baseDigest", "base"));
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
