package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SettledNamesTest {
  @Test
  void namesThatChangeInTheirNumbersAreTheSameTests() {
    TestDelta delta =
        compare(
            "A#port 4011 passed, A#port 4012 passed",
            "A#port 5001 passed, A#port 5002 passed",
            "A#port 9 passed, A#port 10 passed");
    assertThat(delta.vanished()).isEmpty();
    assertThat(delta.added()).isEmpty();
  }

  @Test
  void aTestThatReallyVanishedBesideThemIsMissed() {
    TestDelta delta =
        compare(
            "A#port 4011 passed, A#b passed", "A#port 5001 passed, A#b passed", "A#port 9 passed");
    assertThat(delta.vanished()).containsExactly("A#b");
  }

  @Test
  void oneOfTheChangingNamesThatVanishedIsMissed() {
    TestDelta delta =
        compare(
            "A#port 1 passed, A#port 2 passed",
            "A#port 3 passed, A#port 4 passed",
            "A#port 5 passed");
    assertThat(delta.vanished()).containsExactly("A#port … (2)");
  }

  @Test
  void oneOfTheChangingNamesThatIsRedNowIsBroken() {
    TestDelta delta =
        compare(
            "A#port 1 passed, A#port 2 passed",
            "A#port 3 passed, A#port 4 passed",
            "A#port 5 passed, A#port 6 failed");
    assertThat(delta.broken()).containsExactly("A#port …");
  }

  @Test
  void aNameThatIsInEveryRunIsNeverMatchedByItsShape() {
    TestDelta delta =
        compare(
            "A#t1 passed, A#t2 passed, A#t3 passed",
            "A#t1 passed, A#t2 passed, A#t4 passed",
            "A#t1 passed, A#t7 passed, A#t8 passed");
    assertThat(delta.vanished()).contains("A#t2");
  }

  @Test
  void whereRunsDifferInTheNumberOfEachShapeParametersDoNotCount() {
    TestDelta delta =
        compare(
            "A#fuzz[abc] passed, A#b passed",
            "A#fuzz[xyz] passed, A#b passed",
            "A#fuzz[pqr] passed, A#b passed");
    assertThat(delta.vanished()).isEmpty();
  }

  @Test
  void oneRunOfTheBaselineMatchesNothingByShape() {
    TestDelta delta =
        TestComparison.compare(
            Inventories.before(0, "A#port 1 passed"), Inventories.tests("A#port 2 passed"));
    assertThat(delta.vanished()).containsExactly("A#port 1");
  }

  @Test
  void whatIsSaidOfFailuresGoesWithTheNames() {
    SettledNames names =
        SettledNames.of(
            java.util.List.of(
                Inventories.tests("A#p 1 failed: x"), Inventories.tests("A#p 2 failed: x")));
    var settled = names.apply(Inventories.tests("A#p 3 failed: y"));
    assertThat(settled.tests().keySet()).isEqualTo(Set.of("A#p …"));
    assertThat(settled.failure("A#p …").message()).isEqualTo("y");
  }

  private static TestDelta compare(String first, String second, String after) {
    return TestComparison.compare(Inventories.before(0, first, second), Inventories.tests(after));
  }
}
