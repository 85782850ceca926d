package dev.tars.runner.validation;

import static dev.tars.runner.validation.FakeCleanRoom.inventory;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.validation.tests.TestStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredBeforeResultsTest {
  private static final TestsBefore KNOWN =
      new TestsBefore.Known(1, inventory("T#a", TestStatus.FAILED, "T#b", TestStatus.SKIPPED));

  @TempDir private Path temp;
  private StoreLayout layout;
  private final AtomicInteger runs = new AtomicInteger();

  @BeforeEach
  void open() {
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
  }

  @Test
  void aResultIsKeptForTheNextRunOnTheSameBaseline() {
    assertThat(get("tree", gate("mvn"), KNOWN)).isEqualTo(KNOWN);
    assertThat(get("tree", gate("mvn"), KNOWN)).isEqualTo(KNOWN);
    assertThat(runs).hasValue(1);
  }

  @Test
  void anotherTreeOrGateHasAResultOfItsOwn() {
    get("tree", gate("mvn"), KNOWN);
    get("other", gate("mvn"), KNOWN);
    get("tree", gate("mvn", "-X"), KNOWN);
    assertThat(runs).hasValue(3);
  }

  @Test
  void aResultThatSaysNothingIsNotKept() {
    TestsBefore unusable = new TestsBefore.Unusable("no result after 60 s");
    get("tree", gate("mvn"), unusable);
    assertThat(get("tree", gate("mvn"), KNOWN)).isEqualTo(KNOWN);
    assertThat(runs).hasValue(2);
  }

  @Test
  void runsThatAreMissingAreMadeAndKeptWithTheOthers() {
    TestsBefore green = new TestsBefore.Known(0, inventory("T#a", TestStatus.PASSED));
    get("tree", gate("mvn"), KNOWN);
    TestsBefore three = results("tree").of(gate("mvn"), 3, number -> run(green));
    assertThat(three.history()).extracting(TestsBefore.Run::exitCode).containsExactly(1, 0, 0);
    assertThat(get("tree", gate("mvn"), KNOWN)).isEqualTo(three);
    assertThat(runs).hasValue(3);
  }

  @Test
  void aRunThatGivesNothingEndsTheTryingAndTakesNothingAway() {
    get("tree", gate("mvn"), KNOWN);
    TestsBefore unusable = new TestsBefore.Unusable("no result after 60 s");
    assertThat(results("tree").of(gate("mvn"), 3, number -> run(unusable))).isEqualTo(KNOWN);
    assertThat(runs).hasValue(2);
  }

  @Test
  void aDamagedFileIsAsIfItWereNotThere() throws IOException {
    get("tree", gate("mvn"), KNOWN);
    try (var files = Files.list(layout.derived())) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".lock")).toList()) {
        Files.writeString(file, Files.readString(file).replace("exitCode", "exitcode"));
      }
    }
    assertThat(get("tree", gate("mvn"), KNOWN)).isEqualTo(KNOWN);
    assertThat(runs).hasValue(2);
  }

  @Test
  void aParallelRunWaitsForTheFirst() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(() ->
              results("tree")
                  .of(
                      gate("mvn"),
                      1,
                      number -> {
                        inside.countDown();
                        await(release);
                        return run(KNOWN);
                      }));
      inside.await();
      var second = threads.submit(() -> get("tree", gate("mvn"), KNOWN));
      release.countDown();
      assertThat(first.get()).isEqualTo(KNOWN);
      assertThat(second.get()).isEqualTo(KNOWN);
    }
    assertThat(runs).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private TestsBefore get(String tree, Gate.Tests gate, TestsBefore result) {
    return results(tree).of(gate, 1, number -> run(result));
  }

  private TestsBefore run(TestsBefore result) {
    runs.incrementAndGet();
    return result;
  }

  private StoredBeforeResults results(String tree) {
    ObjectNode circumstances = CanonicalJson.object();
    circumstances.put("tree", tree);
    return new StoredBeforeResults(layout, circumstances);
  }

  private static Gate.Tests gate(String... argv) {
    return new Gate.Tests(
        "unit",
        List.of(argv),
        List.of(),
        1,
        0,
        0,
        Duration.ofMinutes(1),
        new SourcePosition("p.yaml", 1, 1));
  }
}
