package dev.tars.runner.validation.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeCheckTest {
  private static final byte[] TEXT = "text\n".getBytes(UTF_8);

  @ParameterizedTest
  @CsvSource({
    "644, 777, mode.executable mode.open",
    "644, 666, mode.open",
    "644, 664, mode.open",
    "664, 666, mode.open",
    "755, 757, mode.open",
    "644, 000, mode.closed",
    "644, 044, mode.closed",
    "644, 002, mode.closed mode.open",
    // The controls: what a project has already, and what an ordinary change does.
    "644, 644, ''",
    "666, 666, ''",
    "664, 664, ''",
    "777, 755, ''",
    "600, 644, ''",
    "644, 600, ''",
    "644, 400, ''",
    "755, 755, ''",
    "644, 755, mode.executable",
  })
  void aFileIsShown(String before, String after, String rules) {
    ChangeFixture change =
        new ChangeFixture()
            .base("a.txt", "old\n", Integer.parseInt(before, 8))
            .set("a.txt", TEXT, Integer.parseInt(after, 8));
    assertThat(rules(change)).isEqualTo(rules);
  }

  @ParameterizedTest
  @CsvSource({
    "644, ''",
    "777, mode.executable mode.open",
    "755, mode.executable",
    "0, mode.closed"
  })
  void aNewFileIsShown(String mode, String rules) {
    assertThat(rules(new ChangeFixture().set("a.txt", TEXT, Integer.parseInt(mode, 8))))
        .isEqualTo(rules);
  }

  @ParameterizedTest
  @CsvSource({"755, ''", "700, ''", "777, mode.open", "775, mode.open", "400, mode.closed"})
  void aDirectoryIsShown(String mode, String rules) {
    assertThat(rules(new ChangeFixture().dir("d", Integer.parseInt(mode, 8)))).isEqualTo(rules);
  }

  @Test
  void aLinkHasNoMode() {
    assertThat(rules(new ChangeFixture().base("b", "x").link("a", "b"))).doesNotContain("mode.");
  }

  private static String rules(ChangeFixture change) {
    return String.join(" ", change.findings().stream().map(Finding::rule).sorted().toList());
  }
}
