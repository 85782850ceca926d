package dev.tars.runner.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.sandbox.OutputSink.Stream;
import org.junit.jupiter.api.Test;

class PrintedOutputTest {
  private final PrintedOutput printed = new PrintedOutput();

  @Test
  void streamsThatAreMixedStayWholeLines() {
    print(Stream.STDOUT, "a.c:1:2: err");
    print(Stream.STDERR, "warning\n");
    print(Stream.STDOUT, "or: no\n");
    assertThat(printed.text().lines()).contains("a.c:1:2: error: no", "warning");
  }

  @Test
  void ofMuchOutputTheBeginningAndTheEndAreKept() {
    print(Stream.STDOUT, "first\n");
    for (int i = 0; i < 100; i++) {
      print(Stream.STDOUT, ("middle " + i + "\n").repeat(5_000));
    }
    print(Stream.STDOUT, "last\n");
    String text = printed.text();
    assertThat(text).startsWith("first\nmiddle 0\n").contains("middle 99\nlast\n");
    assertThat(text.length()).isLessThan(2 * PrintedOutput.PART + 10);
  }

  @Test
  void nothingIsLostWhereBothPartsHoldItAll() {
    String text = "x".repeat(PrintedOutput.PART + 1_000);
    print(Stream.STDERR, text);
    assertThat(printed.text()).isEqualTo(text + "\n");
  }

  private void print(Stream stream, String text) {
    byte[] bytes = ("#" + text).getBytes(UTF_8);
    printed.write(stream, bytes, 1, bytes.length - 1);
  }
}
