package dev.tars.runner.validation.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.validation.checks.ChangeFixture;
import dev.tars.runner.validation.checks.Findings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a box of parsers prints, and what it is worth. */
class BoxedSyntaxTest {
  private static final String BAD = "0\tbad\t3\t7\tinvalid syntax\n";

  @Test
  void theLanguagesOwnParserRejectsWithLineAndColumn() {
    List<Finding> findings = findings(new ChangeFixture().set("src/a.py", "def f(:\n"), BAD);
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().rule()).isEqualTo("syntax.python");
    assertThat(findings.getFirst().severity()).isEqualTo(Severity.REJECT);
    assertThat(findings.getFirst().line()).isEqualTo(3);
    assertThat(findings.getFirst().message()).isEqualTo("invalid syntax (column 7)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "src/a.py                 | bad     | REJECT",
        "src/a.py                 | odd     | REVIEW",
        "src/a.py                 | old     | INFO",
        "src/a.py                 | late    | REVIEW",
        "src/a.py                 | died    | REVIEW",
        "src/a.py                 | none    | INFO",
        "src/a.go                 | grammar | REVIEW",
        "src/a.sql                | grammar | INFO",
        "src/test/a.py            | bad     | REVIEW",
        "lib/invalid-syntax/a.py  | bad     | REVIEW",
        "lib/bad_syntax.py        | bad     | REVIEW"
      })
  void theSeverityIsAsSureAsTheParser(String path, String answer, Severity severity) {
    List<Finding> findings =
        findings(
            new ChangeFixture().set(path.strip(), "x"), "0\t" + answer.strip() + "\t1\t0\tm\n");
    assertThat(findings).extracting(Finding::severity).containsExactly(severity);
  }

  @Test
  void aTemplateIsForAPersonToSee() {
    ChangeFixture change = new ChangeFixture().set("a.py", "import {{ cookiecutter.name }}\n");
    assertThat(findings(change, BAD))
        .extracting(Finding::severity)
        .containsExactly(Severity.REVIEW);
  }

  @Test
  void aFileWithoutAnAnswerIsUnchecked() {
    ChangeFixture change = new ChangeFixture().set("a.py", "x").set("b.py", "x");
    List<Finding> findings =
        findings(change, new ParserBox.Printed(false, "was killed for memory", "0\tok\t0\t0\t\n"));
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().path()).isEqualTo("b.py");
    assertThat(findings.getFirst().severity()).isEqualTo(Severity.REVIEW);
    assertThat(findings.getFirst().message()).contains("was killed for memory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0\tok",
        "-1\tok\t0\t0\t",
        "99999999999\tok\t0\t0\t",
        "0\tok\t99999999999999999999\t0\t",
        "0\tfine\t0\t0\t",
        "\u0000\u001b[2J",
        "1\tok\t0\t0\t"
      })
  void whatIsNoAnswerForAFileIsNone(String printed) {
    List<Finding> findings = findings(new ChangeFixture().set("a.py", "x"), printed + "\n");
    assertThat(findings).extracting(Finding::rule).containsExactly("syntax.unchecked");
    assertThat(findings).extracting(Finding::severity).containsExactly(Severity.REVIEW);
  }

  @Test
  void theFirstAnswerCountsAndItsTextIsEscaped() {
    List<Finding> findings =
        findings(
            new ChangeFixture().set("a.py", "x"),
            "0\tbad\t1\t0\tx\u001b[31m" + "y".repeat(9000) + "\n0\tok\t0\t0\t\n");
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().message()).doesNotContain("\u001b").hasSizeLessThan(400);
  }

  @Test
  void theBoxGetsIndexesAndNoNames() {
    List<ParserBox.Job> jobs = new ArrayList<>();
    ChangeFixture change =
        new ChangeFixture()
            .base("src/$(id).py", "x = 1\n")
            .set("src/$(id).py", "x = 2\n")
            .set("b.txt", "not a language")
            .set("bin/tool", "#!/usr/bin/env bash\necho\n")
            .set("t.ts", "<?xml version='1.0'?><!DOCTYPE TS>");
    new BoxedSyntax(
            job -> {
              jobs.add(job);
              return new ParserBox.Printed(true, "", "0\tok\t0\t0\t\n1\tok\t0\t0\t\n");
            },
            ChangeFixture.tests("src/test/", List.of()))
        .check(change.changeSet(), change, new Findings());
    assertThat(jobs).hasSize(1);
    assertThat(jobs.getFirst().files().stream().map(ParserBox.GivenFile::name))
        .containsExactly("0.a", "1.a", "1.b", "list", "parse.py", "parse.js");
    ParserBox.GivenFile list = jobs.getFirst().files().get(3);
    assertThat(new String(list.content().get(), StandardCharsets.UTF_8))
        .isEqualTo("0\tshell\n1\tpython\n");
  }

  @Test
  void withoutAFileForItThereIsNoBox() {
    ChangeFixture change = new ChangeFixture().set("a.txt", "x").base("b.py", "x").delete("b.py");
    Findings findings = new Findings();
    new BoxedSyntax(
            job -> {
              throw new AssertionError("no box is needed");
            },
            ChangeFixture.tests("src/test/", List.of()))
        .check(change.changeSet(), change, findings);
    assertThat(findings.sorted()).isEmpty();
  }

  @Test
  void aLanguageWithoutParserIsSaidOnce() {
    ChangeFixture change = new ChangeFixture().set("A.scala", "x").set("B.scala", "x");
    List<Finding> findings = findings(change, "");
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().severity()).isEqualTo(Severity.INFO);
    assertThat(findings.getFirst().message()).contains("Scala", "1 more");
  }

  @Test
  void whatIsTooLargeIsUnchecked() {
    ChangeFixture change = new ChangeFixture().set("a.js", "x".repeat((4 << 20) + 1));
    assertThat(findings(change, "")).extracting(Finding::rule).containsExactly("syntax.unchecked");
  }

  private static List<Finding> findings(ChangeFixture change, String printed) {
    return findings(change, new ParserBox.Printed(true, "", printed));
  }

  private static List<Finding> findings(ChangeFixture change, ParserBox.Printed printed) {
    Findings findings = new Findings();
    new BoxedSyntax(job -> printed, ChangeFixture.tests("src/test/", List.of()))
        .check(change.changeSet(), change, findings);
    return findings.sorted();
  }
}
