package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.policy.Globs;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.checks.ChangeFixture;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginalTestsTest {
  private static final TestIntegrity TESTS = ChangeFixture.tests("test/", List.of());

  @Test
  void whatTouchesTestsIsTakenOut() {
    ChangeFixture change =
        new ChangeFixture()
            .base("test/a", "1")
            .base("test/b", "1")
            .set("test/a", "2")
            .delete("test/b")
            .set("test/new", "1")
            .set("src/a", "1");
    assertThat(paths(change)).contains(List.of("src/a"));
  }

  @Test
  void aChangeWithoutTestsOrOfNothingElseNeedsNoSecondRun() {
    assertThat(paths(new ChangeFixture().set("src/a", "1"))).isEmpty();
    assertThat(paths(new ChangeFixture().set("test/a", "1"))).isEmpty();
  }

  @Test
  void aDirectoryThatTheTestsNeedDoesNotGo() {
    ChangeFixture change =
        new ChangeFixture()
            .baseDir("all")
            .baseDir("all/test")
            .base("all/test/a", "1")
            .delete("all")
            .delete("all/test")
            .delete("all/test/a")
            .set("src/a", "1");
    TestIntegrity deep = ChangeFixture.tests("all/test/", List.of());
    Optional<List<String>> kept =
        OriginalTests.of(change.changeSet(), deep)
            .map(c -> c.changes().stream().map(x -> x.path().toString()).toList());
    assertThat(kept).contains(List.of("src/a"));
  }

  @Test
  void whatLiesBelowATestThatBecameADirectoryGoesToo() {
    ChangeFixture change =
        new ChangeFixture()
            .base("test/a", "1")
            .dir("test/a")
            .set("test/a/b", "1")
            .set("src/a", "1");
    TestIntegrity exact =
        new TestIntegrity(List.of(Globs.compile("{test/a,test/a/**}")), true, 0, 0, List.of());
    assertThat(OriginalTests.of(change.changeSet(), exact).orElseThrow().changes()).hasSize(1);
  }

  private static Optional<List<String>> paths(ChangeFixture change) {
    return OriginalTests.of(change.changeSet(), TESTS)
        .map(c -> c.changes().stream().map(x -> x.path().toString()).toList());
  }
}
