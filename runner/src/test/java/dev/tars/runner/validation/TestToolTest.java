package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestToolTest {
  @ParameterizedTest
  @CsvSource({
    "python3 -m pytest -q, PYTEST",
    "/usr/bin/py.test, PYTEST",
    "python3 -m unittest discover, UNITTEST",
    "python3 -m xmlrunner, UNITTEST",
    "python3 unittest, OTHER",
    "./mvnw test, MAVEN",
    "mvn.cmd test, MAVEN",
    "gradlew.bat test, GRADLE",
    "node --test, NODE",
    "node run.js, OTHER",
    "npx jest, JEST",
    "node node_modules/.bin/mocha, MOCHA",
    "node node_modules/mocha/bin/mocha.js, MOCHA",
    "npx vitest run, VITEST",
    "go test ./..., GO",
    "cargo nextest run, CARGO",
    "vendor/bin/phpunit.phar, PHPUNIT",
    "npm test, OTHER",
    "sh -c pytest, PYTEST",
  })
  void theToolIsReadFromTheCommandLine(String command, TestTool tool) {
    assertThat(TestTool.of(List.of(command.split(" ")))).isEqualTo(tool);
  }

  @Test
  void theStatusThatSaysThatTestsFailed() {
    assertThat(TestTool.PYTEST.meansTestsFailed(1, 5)).isTrue();
    assertThat(TestTool.PYTEST.meansTestsFailed(2, 5)).isFalse();
    assertThat(TestTool.CARGO.meansTestsFailed(101, 1)).isTrue();
    assertThat(TestTool.CARGO.meansTestsFailed(1, 1)).isFalse();
    assertThat(TestTool.PHPUNIT.meansTestsFailed(2, 1)).isTrue();
    assertThat(TestTool.MOCHA.meansTestsFailed(5, 5)).isTrue();
    assertThat(TestTool.MOCHA.meansTestsFailed(1, 5)).isFalse();
    assertThat(TestTool.MOCHA.meansTestsFailed(255, 700)).isTrue();
    assertThat(TestTool.OTHER.meansTestsFailed(1, 5)).isTrue();
    assertThat(TestTool.OTHER.meansTestsFailed(5, 5)).isTrue();
    assertThat(TestTool.OTHER.meansTestsFailed(3, 5)).isFalse();
  }
}
