package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.json  | '{\"a\": 1,\n}'            | 2",
        "a.json  | '{\"a\": 1} x'             | 1",
        "a.json  | ''                         | 1",
        "a.xml   | '<a>\n<b></a>'             | 2",
        "a.xml   | '<a>&unknown;</a>'         | 1",
        "a.yaml  | 'a: 1\nb: [1, 2\n'         | 3",
        "a.yml   | 'a: b: c'                  | 1",
        "A.java  | 'class A {\n int = 3;\n}'  | 2",
        "A.java  | 'class A {'                | 1",
        "a.properties | 'a=\\u12'             | 0"
      })
  void whatIsNotWellFormedIsRejectedWithItsLine(String path, String content, int line) {
    List<Finding> findings =
        new ChangeFixture()
            .set(path.strip(), content).findings().stream()
                .filter(f -> f.rule().startsWith("syntax."))
                .toList();
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().severity()).isEqualTo(Severity.REJECT);
    if (line > 0) {
      assertThat(findings.getFirst().line()).isEqualTo(line);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.json          | '[1, {\"a\": null}]'",
        "a.json          | '3'",
        "tsconfig.json   | '{ // why\n \"a\": 1, }'",
        "api-extractor.json |  '{ \"a\": [1,], }'",
        "a.xml           | '<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"a.dtd\"><a/>'",
        "a.yaml          | '%YAML 1.2\n---\na: !custom [1]\n---\nb: 2\n'",
        "chart.yaml      | 'a: {{ .Values.b }}\n{{- if x }}'",
        "A.java          | 'record A(int b) { sealed interface I permits J {} record J() implements I {} }'",
        "package-info.java | '/** Doc. */ @Deprecated package a;'",
        "a.properties    | 'a = b # c\n'"
      })
  void whatIsWellFormedHasNoFinding(String path, String content) {
    assertThat(new ChangeFixture().set(path.strip(), content).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layouts/list.xml     | '<a>{{ range .Pages }}<b></a>' | REVIEW",
        "docs/404.json        | '---\nlayout: x\n---\n{}'       | INFO",
        "settings.json        | '{ // why\n \"a\": 1, }'       | INFO",
        "lib/fixtures/a.xml   | '<a>'                          | REVIEW",
        "lib/invalid.json     | '{'                            | REVIEW",
        "archetype/Main.java  | 'package ${package};'          | REVIEW"
      })
  void whatIsNotMeantToBeWellFormedIsNotRejected(String path, String content, Severity severity) {
    assertThat(new ChangeFixture().set(path.strip(), content).findings())
        .extracting(Finding::severity)
        .containsExactly(severity);
  }

  @Test
  void aFileThatWasBrokenBeforeIsOnlyMentioned() {
    ChangeFixture change = new ChangeFixture().base("a.json", "{").set("a.json", "{{");
    assertThat(change.findings()).extracting(Finding::severity).containsExactly(Severity.INFO);
  }

  @Test
  void aBrokenFixtureOfATestIsForAPersonToSee() {
    ChangeFixture change = new ChangeFixture().set("src/test/data/broken.json", "{");
    assertThat(change.findings()).extracting(Finding::severity).containsExactly(Severity.REVIEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A.java", "a.json", "a.yaml", "a.xml"})
  void deepNestingEndsInAFindingAndNotInACrash(String path) {
    String open =
        switch (path) {
          case "A.java" -> "class A { int a = " + "(".repeat(200_000);
          case "a.xml" -> "<a>".repeat(200_000);
          default -> "[".repeat(200_000);
        };
    assertThat(new ChangeFixture().set(path, open).findings())
        .anySatisfy(f -> assertThat(f.rule()).startsWith("syntax."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[", "{", "- ", "? ", "a: &b ", "[]\n", "- a\n", "a, ", "\"\\\"", "!a ", "'", "|\n ", "#",
        "\t", "a:\n "
      })
  void aRepetitiveDocumentIsParsedInBoundedTime(String piece) {
    String document = piece.repeat((1 << 18) / piece.length());
    long start = System.nanoTime();
    new ChangeFixture().set("a.yaml", document).findings();
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
  }

  @Test
  void aliasesOfYamlAreNotExpanded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(new ChangeFixture().set("a.yaml", bomb.toString()).findings()).isEmpty();
  }

  @Test
  void entitiesOfXmlAreNotExpanded() {
    StringBuilder bomb = new StringBuilder("<!DOCTYPE a [<!ENTITY a0 'x'>");
    for (int i = 1; i < 40; i++) {
      bomb.append("<!ENTITY a%d '&a%d;&a%d;'>".formatted(i, i - 1, i - 1));
    }
    long start = System.nanoTime();
    new ChangeFixture().set("a.xml", bomb + "]><a>&a39;</a>").findings();
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
  }
}
