package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.validation.tests.Extent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyEndTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "npx mocha --bail",
        "npx mocha -b",
        "npx jest --bail=1",
        "vitest run --bail 3",
        "python3 -m pytest -x",
        "python3 -m pytest --exitfirst",
        "python3 -m pytest -xq",
        "python3 -m unittest -f",
        "pytest --maxfail=2",
        "python3 -m unittest --failfast",
        "go test -failfast ./...",
        "mvn -ff test",
        "mvn --fail-fast test",
        "mvn -Dsurefire.skipAfterFailureCount=1 test",
        "phpunit --stop-on-failure",
        "cargo test",
        "cargo nextest run",
        "rspec --fail-fast",
      })
  void aCommandThatStopsAtRedTests(String command) {
    assertThat(of(command, Extent.WHOLE)).contains("the command stops at a red test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "npx mocha",
        "python3 -m pytest -q",
        "python3 -m pytest -rx",
        "mvn -B -o test",
        "npx jest --bail=0",
        "pytest --maxfail=0",
        "gradle -x lint test --continue",
        "cargo test --no-fail-fast",
        "node --test",
        "gradle test --continue",
      })
  void aCommandThatGoesOn(String command) {
    assertThat(of(command, Extent.WHOLE)).isEmpty();
  }

  @Test
  void theLastTestIsRedUnlessItIsTheOnlyOne() {
    Extent red = new Extent(true, false, false);
    assertThat(of("npm test", red)).contains("the last test that ran is red");
    assertThat(EarlyEnd.of(List.of("npm", "test"), red, 1)).isEmpty();
    assertThat(of("node --test", red)).isEmpty();
  }

  @Test
  void buildsOfSeveralModulesEndAtARedOne() {
    Extent modules = new Extent(false, true, false);
    assertThat(of("./mvnw -B verify", modules)).contains("Maven tests no module after one");
    assertThat(of("./gradlew test", modules)).contains("Gradle without --continue");
    assertThat(of("./gradlew test --continue", modules)).isEmpty();
    assertThat(of("make test", modules)).isEmpty();
  }

  @Test
  void nodesReportHidesHooks() {
    assertThat(of("node --test", new Extent(false, false, true))).contains("add a TAP report");
  }

  private static String of(String command, Extent extent) {
    return EarlyEnd.of(List.of(command.split(" ")), extent, 2).orElse("");
  }
}
