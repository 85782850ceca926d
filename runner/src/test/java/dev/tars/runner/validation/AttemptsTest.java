package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.validation.tests.TestInventory;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  @Test
  void aRedAttemptThatWasFollowedByAPassIsNoTest() {
    TestInventory settled =
        Attempts.settled(0, Inventories.tests("A#a failed: x, A#a (2) passed, A#b passed"));
    assertThat(settled).isEqualTo(flaky("A#a passed, A#b passed", "A#a"));
  }

  @Test
  void otherTestsOfTheSameNameStay() {
    TestInventory settled =
        Attempts.settled(0, Inventories.tests("A#a failed, A#a (2) passed, A#a (3) passed"));
    assertThat(settled).isEqualTo(flaky("A#a passed, A#a (2) passed", "A#a"));
  }

  @Test
  void aNameThatEndsInANumberIsATestOfItsOwnIfNothingElseHasTheName() {
    TestInventory run = Inventories.tests("A#a (2) failed, A#a (3) passed");
    assertThat(Attempts.settled(0, run)).isEqualTo(run);
  }

  @Test
  void aRedRunIsLeftAsItIs() {
    TestInventory run = Inventories.tests("A#a failed, A#a (2) passed");
    assertThat(Attempts.settled(1, run)).isEqualTo(run);
  }

  @Test
  void redAndSkippedIsNoPass() {
    TestInventory run = Inventories.tests("A#a failed, A#a (2) skipped");
    assertThat(Attempts.settled(0, run)).isEqualTo(run);
  }

  @Test
  void aBaselineThatTriesAgainIsComparedByTests() {
    TestModel model =
        Inventories.model(Inventories.before(0, "A#a failed, A#a (2) passed"), 0, "A#a passed");
    assertThat(model.outcome()).isInstanceOf(TestOutcome.Sound.class);
  }

  private static TestInventory flaky(String tests, String name) {
    return new TestInventory(
        1, Inventories.tests(tests).tests(), new java.util.TreeSet<>(java.util.List.of(name)));
  }
}
