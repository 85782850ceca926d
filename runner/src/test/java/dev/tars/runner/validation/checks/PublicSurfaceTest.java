package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicSurfaceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A.java | 'public class A {\n  public int a(int x) { }\n  int own() { }\n}' | 'public class A {\n}' | removed: a",
        "A.java | 'public class A {\n  public int a(int x) { }\n}' | 'public class A {\n  public int a(long x) { }\n}' | changed: a",
        "A.java | 'public record A(int x) { }' | 'public record A(long x) { }' | changed: A",
        "a.py   | 'def f(x):\n  pass\nclass C:\n    def m(self): pass\n' | 'class C:\n  pass\n' | 'removed: f, m'",
        "a.py   | 'def f(x):\n  return 1\n' | 'def f(x, y):\n  return 1\n' | changed: f",
        "a.ts   | 'export function f(a: string): void {}\nexport const c = 1;' | 'export const c = 1;' | removed: f",
        "a.tsx  | 'export default class View {}' | 'class View {}' | removed: View"
      })
  void whatIsPublicAndGoesOrChangesIsInformation(
      String path, String before, String after, String said) {
    List<Finding> found = found(path, before, after);
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().severity()).isEqualTo(Severity.INFO);
    assertThat(found.getFirst().message()).contains(said);
  }

  @Test
  void whatIsNotPublicOrOnlyMovesIsNotSaid() {
    assertThat(found("a.py", "def _f(): pass\ndef g():\n  return 1\n", "def g():\n  return 2\n"))
        .isEmpty();
    assertThat(found("A.java", "class A { private int a() {} }", "class A { }")).isEmpty();
    assertThat(found("a.ts", "function f() {}", "")).isEmpty();
  }

  private static List<Finding> found(String path, String before, String after) {
    ChangeFixture change = new ChangeFixture().base(path, before).set(path, after);
    return change.findings().stream().filter(f -> f.rule().equals("surface.changed")).toList();
  }
}
