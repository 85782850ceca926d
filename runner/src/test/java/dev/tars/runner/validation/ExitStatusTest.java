package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {
  private static final String RED = "A#a passed, A#b failed, A#c failed";

  @ParameterizedTest(name = "{0} ends with {1}: as before is {2}")
  @CsvSource({
    "mvn test, 1, true",
    "mvn test, 2, false",
    "mvn test, 137, false",
    "cargo test, 101, true",
    "cargo test, 100, false",
    "npx mocha, 2, true",
    "npx mocha, 1, false",
    "vendor/bin/phpunit, 1, true",
    "vendor/bin/phpunit, 2, true",
    "vendor/bin/phpunit, 255, false",
  })
  void theStatusWasOneOrTheNumberOfRedTestsBefore(String command, int exit, boolean sound) {
    int then = command.endsWith("mocha") ? 2 : command.startsWith("cargo") ? 101 : 1;
    TestModel model =
        Inventories.model(
            Inventories.gate(command + " --no-fail-fast"),
            Inventories.thrice(then, RED),
            exit,
            RED);
    assertThat(model.outcome() instanceof TestOutcome.Sound).isEqualTo(sound);
  }

  @Test
  void moreRedTestsThatThePolicyAllowsMakeMochasStatusGrow() {
    var gate = Inventories.gate("mocha");
    var one =
        new dev.tars.runner.policy.Gate.Tests(
            gate.id(), gate.argv(), gate.reports(), 1, 1, 0, gate.timeout(), gate.at());
    TestModel model = Inventories.model(one, Inventories.thrice(2, RED), 3, RED + ", A#new failed");
    assertThat(model.outcome()).isInstanceOf(TestOutcome.Sound.class);
    TestModel less = Inventories.model(one, Inventories.thrice(2, RED), 4, RED + ", A#new failed");
    assertThat(less.outcome()).isInstanceOf(TestOutcome.Unsound.class);
  }

  @Test
  void aStatusThatWasOneByChanceIsNoNumberOfRedTests() {
    TestModel model =
        Inventories.model(Inventories.gate("./run-tests"), Inventories.thrice(1, RED), 2, RED);
    assertThat(((TestOutcome.Unsound) model.outcome()).why().full())
        .isEqualTo("exit code 2, before the change it was 1");
  }

  @Test
  void whereNoTestWasRedBeforeTheStatusMustMeanThatTestsFailed() {
    var gate = Inventories.gate("python3 -m pytest");
    var one =
        new dev.tars.runner.policy.Gate.Tests(
            gate.id(), gate.argv(), gate.reports(), 1, 1, 0, gate.timeout(), gate.at());
    TestsBefore green = Inventories.thrice(0, "A#a passed");
    String after = "A#a passed, A#new failed";
    assertThat(Inventories.model(one, green, 1, after).outcome())
        .isInstanceOf(TestOutcome.Sound.class);
    assertThat(
            ((TestOutcome.Unsound) Inventories.model(one, green, 3, after).outcome()).why().full())
        .isEqualTo("exit code 3 says more than that tests failed");
  }
}
