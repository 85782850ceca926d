package dev.tars.runner.validation.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Reports as the tools themselves wrote them of a small project with tests of every kind. */
class GoldenReportsTest {
  @Test
  void jest() {
    assertRead(
        "jest.xml",
        """
        sum adds#sum adds passed
        sum breaks#sum breaks failed: ReferenceError: missing is not defined
        sum is wrong#sum is wrong failed: Error: expect(received).toBe(expected) // Object.is equality
        sum later#sum later skipped
        """);
  }

  @Test
  void vitest() {
    assertRead(
        "vitest.xml",
        """
        a.test.js#sum > adds passed
        a.test.js#sum > breaks failed: missing is not defined
        a.test.js#sum > is wrong failed: expected 2 to be 3 // Object.is equality
        a.test.js#sum > later skipped
        b.test.js#(not loaded) failed: Cannot find module './nothing' imported from '/workspace/b.test.js'
        """);
  }

  @Test
  void mocha() {
    assertRead(
        "mocha-xunit.xml",
        """
        hook#"before all" hook for "never runs" failed: no ground
        sum#adds passed
        sum#breaks failed: missing is not defined
        sum#is wrong failed: 2 == 3
        sum#later skipped
        """);
    assertRead(
        "mocha-junit.xml",
        """
        "before all" hook for "never runs"#hook "before all" hook for "never runs" failed: no ground
        adds#sum adds passed
        breaks#sum breaks failed: missing is not defined
        is wrong#sum is wrong failed: 2 == 3
        """);
  }

  @Test
  void phpUnit() {
    assertRead(
        "phpunit.xml",
        """
        ATest#testAdds passed
        ATest#testBreaks error: Error: Call to undefined function missing()
        ATest#testIsWrong failed: Failed asserting that 2 is identical to 3.
        ATest#testLater skipped
        ATest#testRows with data set "none" failed: Failed asserting that 0 is greater than 0.
        ATest#testRows with data set "one" passed
        """);
  }

  @Test
  void cTest() {
    assertRead(
        "ctest.xml",
        """
        adds#adds passed
        later#later skipped
        missing#missing error: Unable to find executable
        off#off skipped
        wrong#wrong failed
        """);
  }

  @Test
  void goTest() {
    assertRead(
        "go.json",
        """
        example.com/gj/broken#(not loaded) error
        example.com/gj/panics#TestBefore passed
        example.com/gj/panics#TestPanics failed: panic: assignment to entry in nil map [recovered]
        example.com/gj/rows#TestAdds passed
        example.com/gj/rows#TestRows failed
        example.com/gj/rows#TestRows/one passed
        example.com/gj/rows#TestRows/two failed: rows_test.go:11: two is wrong
        example.com/gj/rows#TestSkipped skipped
        """);
  }

  @Test
  void aGoTestWhoseProcessEndedBeforeItAndAPackageThatFailsWithoutOneAreRed() {
    String report =
        """
        {"Action":"run","Package":"p","Test":"TestA"}
        not an event
        {"Action":"output","Package":"q","Output":"exit status 3\\n"}
        {"Action":"fail","Package":"q","Elapsed":0,"More":[1,{"a":2}]}
        {"Action":"build-fail","ImportPath":"r"}
        {"Action":"fail","Package":"s","FailedBuild":"s"}
        """;
    assertThat(shown(read("g.json", report)))
        .isEqualTo(
            """
            p#TestA error: it did not end
            q#(failure outside of a test) error: exit status 3
            r#(not loaded) error
            s#(not loaded) error
            """
                .strip());
  }

  @Test
  void aLineThatIsCutIsNoGoReport() {
    assertThat(ReportReader.read(List.of(file("g.json", "{\"Action\":\"run\",\"Pack"))))
        .isInstanceOf(Reports.Unreadable.class);
  }

  private static void assertRead(String name, String expected) {
    try (InputStream in = GoldenReportsTest.class.getResourceAsStream("/reports/" + name)) {
      String report = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(shown(read(name, report))).isEqualTo(expected.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestInventory read(String name, String report) {
    return ((Reports.Read) ReportReader.read(List.of(file(name, report)))).tests();
  }

  private static ReportFile file(String name, String report) {
    return new ReportFile() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(report.getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  private static String shown(TestInventory tests) {
    return tests.tests().entrySet().stream()
        .map(e -> {
          String message = tests.failure(e.getKey()).message();
          String status = e.getValue().name().toLowerCase(java.util.Locale.ROOT);
          return e.getKey() + " " + status + (message.isEmpty() ? "" : ": " + message);
        })
        .collect(Collectors.joining("\n"));
  }
}
