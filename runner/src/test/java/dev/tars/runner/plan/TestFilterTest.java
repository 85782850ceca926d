package dev.tars.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A filter of tests becomes the tool's own arguments, and nothing else. */
class TestFilterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          python3 -m pytest -q        | python3 -m pytest -q -k half
          python3 -m unittest         | python3 -m unittest -k half
          npx jest --ci               | npx jest --ci -t half
          npx vitest run              | npx vitest run -t half
          npx mocha test              | npx mocha test --grep half
          node --test lib             | node --test --test-name-pattern=half lib
          mvn -B test                 | mvn -B test -Dtest=half -Dsurefire.failIfNoSpecifiedTests=false
          ./gradlew test --info       | ./gradlew test --tests half --info
          go test -json ./...         | go test -run half -json ./...
          cargo test --no-fail-fast   | cargo test half --no-fail-fast
          """)
  void eachToolGetsItsOwnOption(String command, String lowered) {
    assertThat(TestFilter.lower(List.of(command.split(" ")), "half"))
        .contains(List.of(lowered.split(" ")));
  }

  @Test
  void aToolThatIsNotKnownGetsNone() {
    assertThat(TestFilter.lower(List.of("make", "check"), "half")).isEmpty();
    assertThat(TestFilter.lower(List.of("node", "run.js"), "half")).isEmpty();
  }

  @Test
  void aFilterStaysOneArgument() {
    assertThat(TestFilter.lower(List.of("pytest"), "half and not slow; rm -r x"))
        .contains(List.of("pytest", "-k", "half and not slow; rm -r x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "--collect-only", "-p", "a\nb"})
  void whatReadsAsAnOptionOrAsNothingIsRefused(String filter) {
    assertThat(TestFilter.flaw(filter)).isPresent();
  }

  @Test
  void aPatternIsAFilter() {
    assertThat(TestFilter.flaw("CalcTest#half*")).isEmpty();
  }
}
