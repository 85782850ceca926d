package dev.tars.runner.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConditionTest {
  private final Facts facts =
      new Facts()
          .actor(new Facts.Actor("ci-bot", Facts.Actor.Kind.AGENT))
          .run(() -> new Facts.Run(Map.of("unit", new Facts.Step("passed", 0, 1200)), false))
          .change(() ->
              new Facts.Change(
                  List.of(file("src/A.java", "modify", 120), file("pom.xml", "modify", 70_000)),
                  List.of("src"),
                  10,
                  250,
                  70_120))
          .gates(Map.of("unit", new Facts.Gate("passed", 7)))
          .tests(new Facts.Tests(12, 0, 1, 2, 0, 0))
          .verdict(
              new Facts.Verdict(
                  "passed", List.of(new Facts.Finding("content.binary", "info", "a.png", "x"))))
          .output(() ->
              new Facts.Output(
                  0,
                  "done",
                  Map.of("bench.json", "{\"p99Millis\": 240, \"runs\": [{\"ok\": true}]}"),
                  List.of("bench.json")));

  private static Facts.File file(String path, String operation, long size) {
    return new Facts.File(path, operation, "file", size, "644", false, 1, 2);
  }

  private boolean holds(String text, Scope scope) {
    assertThat(Condition.flaws(text, scope)).as(text).isEmpty();
    return new Condition(text, scope).holds(facts);
  }

  @Test
  void everyVariableCanBeNamedWhereItIsKnown() {
    Map.of(
            "change.files.all(f, f.size < 100000 && f.mode == '644' && !f.binary)", Scope.STEP,
            "run.steps['unit'].result == 'passed' && !run.dryRun", Scope.STEP,
            "output.json.p99Millis <= 250.0 && output.json.runs[0].ok", Scope.OUTPUT,
            "output.exitCode == 0 && output.text == 'done'", Scope.OUTPUT,
            "output.files['bench.json'].json.p99Millis == 240", Scope.OUTPUT,
            "gates['unit'].result == 'passed' && tests.run >= 12", Scope.GATE,
            "change.files.exists(f, f.path.endsWith('pom.xml'))", Scope.APPROVAL,
            "size(change.files) > 1 && change.linesRemoved > 200", Scope.APPROVAL,
            "actor.kind == 'agent' && actor.user == 'ci-bot'", Scope.APPROVAL,
            "verdict.findings.exists(f, f.severity == 'info')", Scope.APPROVAL)
        .forEach((text, scope) -> assertThat(holds(text, scope)).as(text).isTrue());
    assertThat(holds("change.files.all(f, f.size < 65536)", Scope.GATE)).isFalse();
  }

  @Test
  void whatIsMisspeltIsFoundWhenTheFileIsLoaded() {
    assertFlaw("change.fles.all(f, true)", Scope.STEP, "undefined field 'fles'", "'files'");
    assertFlaw("chang.files == []", Scope.STEP, "undeclared reference to 'chang'", "'change'");
    assertFlaw("change.files", Scope.STEP, "expected type 'bool'", "true or false");
    assertFlaw("change.files.all(f, f.size < 'x')", Scope.STEP, "no matching overload", "correct");
    assertFlaw("change.files.all(f,", Scope.STEP, "mismatched input", "correct");
    assertFlaw("output.exitCode == 0", Scope.STEP, "undeclared reference to 'output'", "change");
    assertFlaw("verdict.result == 'passed'", Scope.GATE, "undeclared reference", "gates");
    assertFlaw("  ", Scope.STEP, "empty", "write");
    assertFlaw("true || " + "a".repeat(5000), Scope.STEP, "more than 4096", "shorter");
    assertThat(Condition.flaws("true &&\n  change.nope == 1", Scope.STEP).getFirst().line())
        .isEqualTo(2);
  }

  private static void assertFlaw(String text, Scope scope, String what, String fix) {
    assertThat(Condition.flaws(text, scope))
        .as(text)
        .anySatisfy(f -> {
          assertThat(f.what()).contains(what);
          assertThat(f.fix()).contains(fix);
        });
  }

  @Test
  void aConditionWithoutAValueNeverHolds() {
    for (String text :
        List.of(
            "output.json.nope == 1",
            "output.json.p99Millis == 'text'.size() / 0",
            "run.steps['other'].result == 'passed'",
            "output.files['missing.json'].text == ''",
            "output.json.runs[7].ok",
            "output.text.matches('(')")) {
      assertThatThrownBy(() -> new Condition(text, Scope.OUTPUT).holds(facts))
          .as(text)
          .isInstanceOf(ConditionException.class);
    }
  }

  @Test
  void outputsThatAreNoJsonHaveNoValue() {
    for (String bad :
        List.of(
            "",
            "not json",
            "{\"a\":1} trailing",
            "{\"a\":1,\"a\":2}",
            "[".repeat(100) + "]".repeat(100),
            "{\"a\":" + "9".repeat(200) + "}")) {
      Facts some =
          new Facts().output(() -> new Facts.Output(0, "", Map.of("o", bad), List.of("o")));
      assertThatThrownBy(() -> new Condition("output.json.a == 1", Scope.OUTPUT).holds(some))
          .as(bad.length() > 40 ? "long" : bad)
          .isInstanceOf(ConditionException.class);
    }
  }

  /** The same payloads, small: they do have a value, so that it is the bound that stops them. */
  @Test
  void conditionsAreBounded() {
    assertThat(holds(doubling(3), Scope.STEP)).isTrue();
    assertThatThrownBy(() -> holds(doubling(25), Scope.STEP))
        .isInstanceOf(ConditionException.class)
        .hasMessageContaining("larger");
    assertThat(holds(nested(2), Scope.STEP)).isTrue();
    assertThatThrownBy(() -> holds(nested(7), Scope.STEP)).isInstanceOf(ConditionException.class);
    assertThat(Condition.flaws("(".repeat(500) + "true" + ")".repeat(500), Scope.STEP))
        .isNotEmpty();
    assertThatThrownBy(() -> holds("!output.text.matches('(((a{50}){50}){50})')", Scope.OUTPUT))
        .isInstanceOf(ConditionException.class);
  }

  private static String doubling(int times) {
    return "['ab']" + ".map(t, t + t)".repeat(times) + ".size() == 1";
  }

  private static String nested(int depth) {
    String list = "[1,2,3,4,5,6,7,8,9]";
    return IntStream.range(0, depth)
            .mapToObj(i -> list + ".all(v" + i + ", ")
            .reduce("", String::concat)
        + "true"
        + ")".repeat(depth);
  }

  @Test
  void aSuppliedFactIsMadeOnlyWhenItIsNamed() {
    Facts lazy =
        new Facts()
            .actor(new Facts.Actor("ann", Facts.Actor.Kind.HUMAN))
            .change(() -> {
              throw new IllegalStateException("the change was read");
            });
    assertThat(new Condition("actor.kind == 'human'", Scope.STEP).holds(lazy)).isTrue();
    assertThatThrownBy(() -> new Condition("change.linesAdded == 0", Scope.STEP).holds(lazy))
        .hasStackTraceContaining("the change was read");
  }

  @Test
  void theTwoWordsNeedNoLibrary() {
    assertThat(new Condition("true", Scope.APPROVAL).holds(new Facts())).isTrue();
    assertThat(new Condition(" false ", Scope.APPROVAL).holds(new Facts())).isFalse();
  }
}
