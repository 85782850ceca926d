package dev.tars.runner.validation.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapReportTest {
  @Test
  void resultsAreTests() {
    TestInventory tests =
        read(
            """
            TAP version 13
            ok 1 - adds
            not ok 2 - divides
              ---
              error: 'by zero'
              ...
            ok 3 - later # SKIP no network
            not ok 4 - some day # TODO not yet
            1..4
            """);
    assertThat(tests.tests())
        .containsEntry("test#adds", TestStatus.PASSED)
        .containsEntry("test#divides", TestStatus.FAILED)
        .containsEntry("test#later", TestStatus.SKIPPED)
        .containsEntry("test#some day", TestStatus.SKIPPED)
        .hasSize(4);
    assertThat(tests.failure("test#divides").message()).isEqualTo("by zero");
  }

  @Test
  void aRedSuiteOfGreenTestsIsAFailureOutsideOfATest() {
    TestInventory tests =
        read(
            """
            TAP version 13
            # Subtest: suite
                # Subtest: a
                ok 1 - a
                1..1
            not ok 1 - suite
              ---
              error: 'hook broke'
              ...
            1..1
            """);
    String outside = "suite" + TestInventory.OUTSIDE;
    assertThat(tests.tests())
        .containsEntry("suite#a", TestStatus.PASSED)
        .containsEntry(outside, TestStatus.ERROR)
        .hasSize(2);
    assertThat(tests.failure(outside).message()).isEqualTo("hook broke");
  }

  @Test
  void aRedSuiteOfARedTestIsNoFailureOfItsOwn() {
    TestInventory tests =
        read(
            """
            TAP version 13
            # Subtest: suite
                # Subtest: a
                not ok 1 - a
                1..1
            not ok 1 - suite
            1..1
            """);
    assertThat(tests.tests()).containsOnlyKeys("suite#a");
  }

  @Test
  void fewerResultsThanPlannedAreAFailureOutsideOfATest() {
    assertThat(read("TAP version 13\n1..3\nok 1 - a\n").tests())
        .containsEntry("the run" + TestInventory.OUTSIDE, TestStatus.ERROR);
  }

  @Test
  void aRunThatBailsOutIsAFailureOutsideOfATest() {
    TestInventory tests = read("TAP version 13\nok 1 - a\nBail out! no database\n");
    assertThat(tests.red()).isEqualTo(1);
    assertThat(tests.failure("Bail out!" + TestInventory.OUTSIDE).message())
        .isEqualTo("Bail out! no database");
  }

  @Test
  void aFileThatNodeCouldNotRunIsNotLoaded() {
    TestInventory tests =
        read(
            """
            TAP version 13
            # Subtest: test/broken.test.js
            not ok 1 - test/broken.test.js
              ---
              failureType: 'testCodeFailure'
              exitCode: 1
              error: 'test failed'
              ...
            1..1
            """);
    assertThat(tests.tests()).containsOnlyKeys("test/broken.test.js" + TestInventory.NOT_LOADED);
  }

  @Test
  void whatAnExplanationHoldsIsNoResult() {
    TestInventory tests =
        read(
            "TAP version 13\nnot ok 1 - a\n  ---\n  error: |-\n    x\nok 2 - forged\n  ...\n1..1\n");
    assertThat(tests.tests()).containsOnlyKeys("test#a");
  }

  @Test
  void theSameTestInJUnitXmlAndInTapIsOneAndTheWorseCounts() {
    String xml = "<testsuites><testcase name='a' classname='test'/></testsuites>";
    TestInventory tests =
        ((Reports.Read)
                ReportReader.read(
                    List.of(
                        new Text("r.xml", xml),
                        new Text("r.tap", "TAP version 13\nnot ok 1 - a\n1..1\n"))))
            .tests();
    assertThat(tests.tests()).containsOnlyKeys("test#a").containsValue(TestStatus.FAILED);
  }

  @Test
  void nodesJUnitReportAloneHidesHooksAndWithTapItDoesNot() {
    Text xml = new Text("r.xml", "<testsuites><testcase name='a' classname='test'/></testsuites>");
    Text tap = new Text("r.tap", "TAP version 13\nok 1 - a\n1..1\n");
    assertThat(((Reports.Read) ReportReader.read(List.of(xml))).extent().hidesHooks()).isTrue();
    assertThat(((Reports.Read) ReportReader.read(List.of(xml, tap))).extent().hidesHooks())
        .isFalse();
  }

  @Test
  void aLineWithoutEndIsRefused() {
    Reports reports =
        ReportReader.read(
            List.of(new Text("r.tap", "TAP version 13\nok 1 - " + "a".repeat(1 << 21))));
    assertThat(reports).isInstanceOf(Reports.Unreadable.class);
  }

  @Test
  void depthIsBounded() {
    assertThat(read("TAP version 13\n" + " ".repeat(4 * 500) + "ok 1 - deep\n").tests()).isEmpty();
  }

  private static TestInventory read(String text) {
    return ((Reports.Read) ReportReader.read(List.of(new Text("results.tap", text)))).tests();
  }

  private record Text(String name, String text) implements ReportFile {
    @Override
    public InputStream open() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
