package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFormCheckTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'// done \\u000a Runtime.getRuntime().exit(0);' | true",
        "'// done \\uuu000D evil();'                     | true",
        "'String s = \"\\u0022 + evil() + \\u0022\";'     | true",
        "'\\u0069nt x;'                                   | true",
        "'String s = \"\\\\u000a\";'                      | false",
        "'String s = \"\\u0041\";'                        | false",
        "'char c = (char) 0x0a;'                          | false"
      })
  void anEscapeThatIsCodeIsShown(String line, boolean found) {
    ChangeFixture change = new ChangeFixture().set("A.java", "class A {\n" + line + "\n}\n");
    assertThat(rules(change).contains("unicode.java-escape")).isEqualTo(found);
  }

  @Test
  void lineEndsThatChangeTheWholeFileAreSaid() {
    ChangeFixture change = new ChangeFixture().base("a.txt", "a\nb\n").set("a.txt", "a\r\nb\r\n");
    List<Finding> findings = change.findings();
    assertThat(findings).extracting(Finding::rule).containsExactly("content.line-ends");
    assertThat(findings.getFirst().message()).contains("nothing else changes");
  }

  @Test
  void aByteOrderMarkInsideIsForAPersonToSee() {
    ChangeFixture change = new ChangeFixture().base("a.txt", "a\n").set("a.txt", "x\n\uFEFFa\n");
    assertThat(rules(change)).contains("content.byte-order-mark");
  }

  @Test
  void anExecutableThatNamesAProgramNowIsForAPersonToSee() {
    byte[] script = "#!/bin/sh\necho\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ChangeFixture grown = new ChangeFixture().base("run", "text\n", 0755).set("run", script, 0755);
    assertThat(rules(grown)).contains("mode.shebang");
    ChangeFixture still =
        new ChangeFixture().base("run", "#!/bin/sh\n", 0755).set("run", script, 0755);
    assertThat(rules(still)).doesNotContain("mode.shebang");
  }

  @Test
  void aTokenInANameIsFound() {
    ChangeFixture change =
        new ChangeFixture().set("keys/ghp_" + "aB3dE6gH9jK2".repeat(3) + ".txt", "x");
    assertThat(change.findings())
        .filteredOn(f -> f.rule().equals("secret.found"))
        .extracting(Finding::severity)
        .containsExactly(Severity.REVIEW);
  }

  private static List<String> rules(ChangeFixture change) {
    return change.findings().stream().map(Finding::rule).toList();
  }
}
