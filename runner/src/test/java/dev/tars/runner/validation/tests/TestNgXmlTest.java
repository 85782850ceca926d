package dev.tars.runner.validation.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestNgXmlTest {
  private static final String GREEN_JUNIT =
      "<testsuite name='A' tests='1'><testcase classname='A' name='a'/></testsuite>";

  @Test
  void methodsAreTestsAndThoseThatPrepareThemAreNot() {
    TestInventory tests =
        read(
            testNg(
                2,
                "<test-method name='setUp' is-config='true' status='PASS'/>"
                    + "<test-method name='a' status='PASS'/>"
                    + "<test-method name='b' status='SKIP'/>"
                    + "<test-method name='c' status='FAIL'><exception class='E'>"
                    + "<message><![CDATA[not 4]]></message>"
                    + "<full-stacktrace><![CDATA[E: not 4\n at A.c(A.java:9)]]></full-stacktrace>"
                    + "</exception></test-method>"
                    + "<test-method name='down' is-config='true' status='FAIL'/>"));
    assertThat(tests.tests())
        .containsEntry("A#a", TestStatus.PASSED)
        .containsEntry("A#b", TestStatus.SKIPPED)
        .containsEntry("A#c", TestStatus.FAILED)
        .containsEntry("A.down" + TestInventory.OUTSIDE, TestStatus.ERROR)
        .hasSize(4);
    assertThat(tests.failure("A#c"))
        .isEqualTo(new TestFailure("not 4", "E: not 4\n at A.c(A.java:9)"));
  }

  @Test
  void moreDeclaredFailuresThanMethodsAreFailuresOutsideOfATest() {
    assertThat(read(testNg(1, "<test-method name='a' status='PASS'/>")).tests())
        .containsEntry("testng-results" + TestInventory.OUTSIDE, TestStatus.ERROR);
  }

  @Test
  void besideJUnitReportsTheyAreTheSameRun() {
    TestInventory tests =
        read(testNg(0, "<test-method name='other name' status='PASS'/>"), GREEN_JUNIT);
    assertThat(tests.tests()).containsOnlyKeys("A#a");
  }

  @Test
  void besideGreenJUnitReportsARedMethodIsNotLost() {
    TestInventory tests = read(testNg(1, "<test-method name='a' status='FAIL'/>"), GREEN_JUNIT);
    assertThat(tests.tests())
        .containsEntry("A#a", TestStatus.PASSED)
        .containsEntry("testng-results" + TestInventory.OUTSIDE, TestStatus.ERROR);
  }

  @Test
  void aStatusThatIsNotKnownIsRed() {
    assertThat(read(testNg(0, "<test-method name='a' status='FINE'/>")).red()).isEqualTo(1);
  }

  private static String testNg(int failed, String methods) {
    return "<testng-results failed='"
        + failed
        + "'><suite><test><class name='A'>"
        + methods
        + "</class></test></suite></testng-results>";
  }

  private static TestInventory read(String... files) {
    List<Text> all = new ArrayList<>();
    for (String file : files) {
      all.add(new Text("r" + all.size() + ".xml", file));
    }
    return ((Reports.Read) ReportReader.read(all)).tests();
  }

  private record Text(String name, String text) implements ReportFile {
    @Override
    public InputStream open() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
