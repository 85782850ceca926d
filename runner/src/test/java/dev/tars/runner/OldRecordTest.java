package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A power cut takes the newest record of a context, and leaves one of any age beside the log. */
class OldRecordTest {
  @TempDir private Path temp;

  @Test
  void everyOlderRecordIsToldAsTheLogProvesItOrAsOlder() throws IOException {
    RunBench bench = new RunBench(temp);
    List<byte[]> records = new ArrayList<>();
    bench.listener = event -> records.add(read(bench));
    bench.policy(RunBench.GATE + RunBench.AUTO);
    assertThat(bench.run().exit()).isZero();
    assertThat(records).hasSizeGreaterThan(6);
    Path kept = bench.contextDir().resolve("context.json");
    for (byte[] old : records) {
      if (old.length == 0) {
        continue;
      }
      Files.write(kept, old);
      try (SandboxRunner runner = bench.open()) {
        var told = runner.contexts().record("last");
        String state = told.state().id();
        assertThat(state).isIn("promoted", "lost");
        if (state.equals("lost")) {
          assertThat(told.progress().next().full()).contains("audit show");
        }
      }
      assertThat(bench.recover().exit()).isZero();
    }
  }

  /** A kill while the log was written, with no context behind it: nothing else would cut it off. */
  @Test
  void recoverCutsOffATornRecordOfTheLog() throws IOException {
    RunBench bench = new RunBench(temp);
    bench.run();
    try (Stream<Path> all = Files.walk(bench.state.resolve("workspaces"))) {
      Path log = all.filter(p -> p.toString().endsWith("audit.jsonl")).findFirst().orElseThrow();
      Files.writeString(log, "{\"seq\":99,\"ti", StandardOpenOption.APPEND);
    }
    try (SandboxRunner runner = bench.open()) {
      assertThat(runner.verifyAudit(Optional.empty()).log().problem()).isPresent();
      assertThat(runner.recover().summary()).contains("torn");
      assertThat(runner.verifyAudit(Optional.empty()).log().problem()).isEmpty();
      assertThat(runner.recover().summary()).isEqualTo("nothing was interrupted");
    }
  }

  private static byte[] read(RunBench bench) {
    try {
      Path kept = bench.contextDir().resolve("context.json");
      return Files.exists(kept) ? Files.readAllBytes(kept) : new byte[0];
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
