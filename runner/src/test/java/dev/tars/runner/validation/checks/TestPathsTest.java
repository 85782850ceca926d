package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.policy.TestIntegrity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the built-in policies take for tests is what the tools themselves run as tests. */
class TestPathsTest {
  @TempDir private Path temp;
  private EffectivePolicy policy;

  @BeforeEach
  void load() {
    policy =
        PolicyLoader.unenforced(new PolicySources(temp, temp, Map.of(), temp))
            .alone("builtin:standard");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test.js",
        "calc-test.js",
        "calc_test.mjs",
        "lib/test-calc.cjs",
        "a.test.ts",
        "test/a.js",
        "lib/test.ts",
        "src/__tests__/a.jsx",
        "a.spec.tsx",
        "a.test.mts",
        "b-test.ts",
        "x.cy.ts",
        "src/__snapshots__/a.snap",
        "spec/aSpec.js",
        "spec/models/user_spec.rb",
        "e2e/login.ts",
        "test_a.py",
        "pkg/a_test.py",
        "conftest.py",
        "pkg/tests/helper.py",
        "app/tests.py",
        "pytest.ini",
        "src/test/java/A.java",
        "src/integrationTest/java/A.java",
        "ATest.java",
        "x/ATests.kt",
        "x/AIT.java",
        "x/ATestCase.java",
        "x/AITCase.java",
        "x/ASpec.groovy",
        "x/ASuite.scala",
        "src/testFixtures/java/A.java",
        "pkg/a_test.go",
        "pkg/testdata/x.txt",
        "tests/it.rs",
        "test/a_test.exs",
        "lib/a_test.dart",
        "tests/ATest.php",
        "src/ATest.php",
        "Foo.Tests.cs",
        "FooTests.cs",
        "Tests/AppTests/A.swift",
        "a_test.cc",
        "a_unittest.cc",
        "test_a.c",
        "t/00-load.t",
        "a.bats",
        "test/test_helper.rb",
        "lib/a_spec.lua"
      })
  void aTestOfATool(String path) {
    assertThat(isTest(path)).as(path).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/java/Latest.java",
        "src/main/java/TestIntegrity.java",
        "src/click/testing.py",
        "src/SandboxSpec.java",
        "lib/contest.js",
        "src/attest.py",
        "lib/latest.js",
        "src/ITem.java",
        "src/protest.go",
        "docs/spec.md",
        "api/spec/openapi.yaml",
        "src/main.rs",
        "fastest.ts"
      })
  void codeThatOnlySoundsLikeATest(String path) {
    assertThat(isTest(path)).as(path).isFalse();
  }

  @Test
  void aWeakenedAssertionInSuchAFileIsAFinding() {
    for (String path : List.of("calc-test.js", "test.js", "lib/test-calc.mjs", "a_test.go")) {
      ChangeFixture change =
          new ChangeFixture()
              .base(path, "assert.equal(add(1, 2), 3);\nt.Error(\"x\")\n")
              .set(path, "add(1, 2);\n");
      assertThat(change.findings(CheckRules.standard(policy.testIntegrity())))
          .as(path)
          .extracting(Finding::rule)
          .contains("test.assertions");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@Disabled",
        "@Ignore",
        "assumeTrue(false);",
        "@pytest.mark.skip",
        "@unittest.skip('x')",
        "it.skip('a', f)",
        "test.skip('a', f)",
        "describe.skip('a', f)",
        "xit('a', f)"
      })
  void byThePolicyThatAllExtendANewSkipIsAReviewAndNoRejection(String line) {
    ChangeFixture change = new ChangeFixture().set("tests/a_test.py", line + "\n");
    assertThat(change.findings(CheckRules.standard(policy.testIntegrity())))
        .filteredOn(f -> f.rule().startsWith("test."))
        .extracting(Finding::rule, Finding::severity)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("test.skipped", Severity.REVIEW));
  }

  @Test
  void testsInsideOfSourcesAreTests() {
    ChangeFixture change =
        new ChangeFixture()
            .base(
                "src/a.rs",
                "fn a() {}\n#[cfg(test)]\nmod t { #[test] fn x() {\nassert_eq!(1, 1);\n} }")
            .set("src/a.rs", "fn a() {}\n#[cfg(test)]\nmod t { #[test] fn x() {\n} }");
    assertThat(change.findings(CheckRules.standard(policy.testIntegrity())))
        .extracting(Finding::rule)
        .contains("test.assertions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "xit('a')                            | true",
        "  describe.skip('a', f)             | true",
        "@pytest.mark.skip                   | true",
        "@pytest.mark.skip(reason='x')       | true",
        "process.exit(1)                     | false",
        "sys.exit(1)                         | false",
        "@pytest.mark.skipif(WIN, reason='') | false"
      })
  void whatIsForbiddenIsAWordOfItsOwn(String line, boolean found) {
    ChangeFixture change = new ChangeFixture().set("tests/a_test.py", line + "\n");
    TestIntegrity forbidding =
        new TestIntegrity(
            policy.testIntegrity().paths(),
            true,
            0,
            0,
            List.of("xit(", "describe.skip(", "pytest.mark.skip"));
    assertThat(
            change.findings(CheckRules.standard(forbidding)).stream()
                .anyMatch(f -> f.rule().equals("test.forbidden")))
        .isEqualTo(found);
  }

  private boolean isTest(String path) {
    return policy.testIntegrity().paths().stream()
        .anyMatch(glob -> glob.matches(RelativePath.of(path)));
  }
}
