package dev.tars.runner.validation.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** JUnit XML: what suites declare against what is in them, and what is said of failures. */
class SuitesTest {
  private static final String OUTSIDE = TestInventory.OUTSIDE;

  @Test
  void aSuiteThatDeclaresMoreIsRedThoughAnotherHasTheRedTest() {
    TestInventory tests =
        read(
            "<testsuites><testsuite name='A' failures='1'><testcase classname='A' name='a'>"
                + "<failure/></testcase></testsuite>"
                + "<testsuite name='B' errors='1'><testcase classname='B' name='b'/></testsuite>"
                + "</testsuites>");
    assertThat(tests.tests())
        .containsEntry("A#a", TestStatus.FAILED)
        .containsEntry("B" + OUTSIDE, TestStatus.ERROR);
    assertThat(tests.red()).isEqualTo(2);
  }

  @Test
  void anErrorInASuiteWithoutATestCaseIsAFailureOutsideOfATest() {
    TestInventory tests =
        read(
            "<testsuite name='A' errors='1'><testcase classname='A' name='a'/>"
                + "<error message='afterAll broke'/></testsuite>");
    assertThat(tests.failure("A" + OUTSIDE).message()).isEqualTo("afterAll broke");
    assertThat(tests.redTests()).isZero();
    assertThat(tests.red()).isEqualTo(1);
  }

  @Test
  void asManyAreMissingAsAreDeclared() {
    assertThat(read("<testsuite name='A' failures='3'/>").red()).isEqualTo(3);
  }

  @Test
  void aSuiteAroundSuitesDeclaresTheirSum() {
    TestInventory tests =
        read(
            "<testsuites failures='2'><testsuite name='A' failures='2'>"
                + "<testcase classname='A' name='a'><failure/></testcase>"
                + "<testcase classname='A' name='b'><failure/></testcase></testsuite></testsuites>");
    assertThat(tests.tests()).containsOnlyKeys("A#a", "A#b");
  }

  @Test
  void whatIsSaidOfAFailureIsKeptWithinBounds() {
    TestInventory tests =
        read(
            "<testsuite name='A' failures='1'><testcase classname='A' name='a'>"
                + "<failure message='expected 4&#10;but was 5' type='E'>"
                + "x".repeat(20_000)
                + "</failure></testcase></testsuite>");
    assertThat(tests.failure("A#a").message()).isEqualTo("expected 4");
    assertThat(tests.failure("A#a").text()).hasSize(TestFailure.LONGEST_TEXT);
  }

  @Test
  void anInventoryIsReadAsItWasWritten() {
    TestInventory tests =
        read(
            "<testsuite name='A' failures='1'><testcase classname='A' name='a'>"
                + "<failure message='m'>trace</failure></testcase>"
                + "<testcase classname='A' name='b'><flakyFailure/></testcase></testsuite>");
    assertThat(InventoryJson.read(InventoryJson.write(tests))).isEqualTo(tests);
  }

  @Test
  void theRunEndsRedIfTheLastTestOfTheOnlyReportOfAKindIsRed() {
    String red = "<testcase classname='A' name='r'><failure/></testcase>";
    String green = "<testcase classname='A' name='g'/>";
    assertThat(extent(suite(green + red)).endsRed()).isTrue();
    assertThat(extent(suite(red + green)).endsRed()).isFalse();
    String skipped = "<testcase classname='A' name='s'><skipped/></testcase>";
    assertThat(extent(suite(green + red + skipped)).endsRed()).isTrue();
    assertThat(extent(suite(red), suite(green)).endsRed()).isFalse();
    Text xml = new Text("r.xml", suite(green + red));
    Text tap = new Text("r.tap", "TAP version 13\nok 1 - g\nnot ok 2 - r\n1..2\n");
    assertThat(((Reports.Read) ReportReader.read(List.of(xml, tap))).extent().endsRed()).isTrue();
  }

  @Test
  void aReportBelowAModuleIsOfABuildOfSeveral() {
    Text one = new Text("core/target/surefire-reports/TEST-A.xml", suite(""));
    Text own = new Text("target/surefire-reports/TEST-A.xml", suite(""));
    assertThat(((Reports.Read) ReportReader.read(List.of(one))).extent().modules()).isTrue();
    assertThat(((Reports.Read) ReportReader.read(List.of(own))).extent().modules()).isFalse();
  }

  private static String suite(String tests) {
    return "<testsuite name='A'>" + tests + "</testsuite>";
  }

  private static Extent extent(String... files) {
    return all(files).extent();
  }

  private static TestInventory read(String... files) {
    return all(files).tests();
  }

  private static Reports.Read all(String... files) {
    List<Text> all = new ArrayList<>();
    for (String file : files) {
      all.add(new Text("r" + all.size() + ".xml", file));
    }
    return (Reports.Read) ReportReader.read(all);
  }

  private record Text(String name, String text) implements ReportFile {
    @Override
    public InputStream open() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
