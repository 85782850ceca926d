package dev.tars.runner.validation.diagnostics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosticReaderTest {
  private static final SourcePaths PATHS =
      paths(
          "src/main/java/app/Calc.java",
          "src/K.kt",
          "lib/bad.js",
          "lib/undef.js",
          "lib/types.ts",
          "lib/bad.php",
          "lib/undef.php",
          "lib/bad.rb",
          "lib/undef.rb",
          "tests/bad.py",
          "tests/calc.py",
          "tests/run.py",
          "tests/test_bad.py",
          "tests/test_calc.py",
          "tests/test_missing.py",
          "native/a.c",
          "native/link.c",
          "calc/calc.go",
          "good/good.go",
          "good/good_test.go",
          "rs/src/lib.rs");

  /** Each file is what the tool of its name printed of a small project that is broken. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          javac         | src/main/java/app/Calc.java:3: cannot find symbol: variable bb in class Calc
          javac         | src/main/java/app/Calc.java:4: incompatible types: int cannot be converted to String
          maven         | src/main/java/app/Calc.java:3:45: cannot find symbol: variable bb in class app.Calc
          maven         | src/main/java/app/Calc.java:4:26: incompatible types: int cannot be converted to java.lang.String
          kotlinc       | src/K.kt:2:14: unresolved reference 'bb'.
          tsc           | lib/types.ts:2:14: TS2304: Cannot find name 'bb'.
          tsc           | lib/types.ts:4:7: TS2322: Type 'number' is not assignable to type 'string'.
          tsc-pretty    | lib/types.ts:2:14: TS2304: Cannot find name 'bb'.
          eslint        | lib/undef.js:2:29: 'bb' is not defined no-undef
          eslint        | lib/bad.js:5:1: Parsing error: Unexpected token
          node-syntax   | lib/bad.js:5: SyntaxError: Unexpected end of input
          node-undef    | lib/undef.js:2:29: ReferenceError: bb is not defined
          python-syntax | tests/bad.py:1: SyntaxError: '(' was never closed
          python-undef  | tests/calc.py:2: NameError: name 'bb' is not defined. Did you mean: 'b'?
          pytest        | tests/calc.py:2: NameError: name 'bb' is not defined
          pytest        | tests/bad.py:1: SyntaxError: '(' was never closed
          pytest        | tests/test_missing.py:1: ModuleNotFoundError: No module named 'nosuchmodule'
          pytest        | tests/test_calc.py:5: assert (1 + 1) == 3
          go-build      | calc/calc.go:4:13: undefined: bb
          go-vet        | calc/calc.go:4:13: undeclared name: bb
          go-test       | good/good_test.go:7: Add(1, 2) = -1, want 3
          go-test       | good/good.go:6: panic: runtime error: invalid memory address or nil pointer dereference
          cargo         | rs/src/lib.rs:2:9: cannot find value `bb` in this scope
          cargo-color   | rs/src/lib.rs:2:9: cannot find value `bb` in this scope
          gcc           | native/a.c:5:18: ‘undeclared_thing’ undeclared (first use in this function)
          gcc           | native/a.c:6:16: expected ‘;’ before ‘}’ token
          gcc-link      | native/link.c: undefined reference to `missing_function'
          clang         | native/a.c:5:18: use of undeclared identifier 'undeclared_thing'
          php-syntax    | lib/bad.php:4: syntax error, unexpected token "}", expecting ";"
          php-undef     | lib/undef.php:3: Uncaught Error: Call to undefined function missing_fn()
          ruby-syntax   | lib/bad.rb:2: syntax error, unexpected end-of-input, expecting `end'
          ruby-undef    | lib/undef.rb:2: in `add': undefined local variable or method `bb' for main:Object (NameError)
          """)
  void whatAToolPrintsIsFoundAtItsPlace(String tool, String expected) {
    assertThat(shown(read(printed(tool)))).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "javac,2",
    "maven,2",
    "tsc,2",
    "gcc,2",
    "clang,2",
    "cargo,1",
    "eslint,2",
    "ruby-undef,1"
  })
  void warningsNotesAndRepeatedListsAreNoProblems(String tool, int problems) {
    assertThat(read(printed(tool))).hasSize(problems);
  }

  @Test
  void problemsInChangedFilesComeFirst() {
    SourcePaths paths =
        new SourcePaths("/workspace", files("a.c", "b.c"), Set.of(RelativePath.of("b.c")));
    List<Diagnostic> found =
        DiagnosticReader.read("a.c:1:1: error: one\nb.c:2:1: error: two\n", paths);
    assertThat(shown(found)).containsExactly("b.c:2:1: two", "a.c:1:1: one");
    assertThat(found.getFirst().place().changed()).isTrue();
  }

  @Test
  void aPlaceOutsideTheWorkspaceIsNone() {
    assertThat(
            read(
                """
                /usr/include/stdio.h:3:5: error: no
                ../native/a.c:3:5: error: no
                /workspace/../etc/passwd:1:1: error: no
                node_modules/x/a.c:1:1: error: no
                12:30:45: error: no
                C:\\Users\\a.c:1: error: no
                /workspace/native/a.c/:1:1: error: no
                """))
        .isEmpty();
  }

  @Test
  void aFrameInAPackageThatLiesInTheWorkspaceIsPassedOver() {
    String trace =
        "Error: no\n at f (/workspace/node_modules/t/i.js:9:1)\n at g (/workspace/a.js:3:1)";
    List<RelativePath> files = files("node_modules/t/i.js", "a.js");
    assertThat(DiagnosticReader.innermost(trace, new SourcePaths("/workspace", files, Set.of())))
        .map(Object::toString)
        .contains("a.js:3:1");
    SourcePaths changed = new SourcePaths("/workspace", files, Set.of(files.getFirst()));
    assertThat(DiagnosticReader.innermost(trace, changed))
        .map(Object::toString)
        .contains("node_modules/t/i.js:9:1");
  }

  @Test
  void aNameThatSeveralFilesHaveIsTheChangedOne() {
    String printed = "    x_test.go:3: got 1\n";
    List<RelativePath> files = files("a/x_test.go", "b/x_test.go");
    assertThat(DiagnosticReader.read(printed, new SourcePaths("/workspace", files, Set.of())))
        .isEmpty();
    SourcePaths changed =
        new SourcePaths("/workspace", files, Set.of(RelativePath.of("b/x_test.go")));
    assertThat(shown(DiagnosticReader.read(printed, changed)))
        .containsExactly("b/x_test.go:3: got 1");
  }

  @Test
  void hostileTextIsEscapedAndCut() {
    String message = "\u202egnol \u0007" + "x".repeat(5_000);
    Diagnostic found = read("native/a.c:1:2: error: " + message).getFirst();
    assertThat(found.message()).startsWith("<U+202E>gnol <U+0007>xxx").endsWith(" …");
    assertThat(found.message().length()).isLessThan(400);
  }

  @Test
  void thereIsAnEndToWhatIsListed() {
    StringBuilder printed = new StringBuilder();
    for (int i = 1; i < 100_000; i++) {
      printed.append("native/a.c:").append(i).append(":1: error: no\n");
    }
    assertThat(read(printed.toString())).hasSize(50);
  }

  @Test
  @Timeout(20)
  void linesThatAreMadeToBeSlowAreNot() {
    for (String part :
        List.of(
            "a:",
            "(1,",
            "at (",
            "at a.b.",
            "'",
            "File \"",
            " ",
            "\t",
            "in `",
            "::",
            "E   ",
            "\u001b[1")) {
      String line = part.repeat(1_000_000 / part.length());
      assertThat(read(line + "\n")).isEmpty();
      assertThat(read((part.repeat(1_000 / part.length()) + "\n").repeat(500))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          java.lang.AssertionError: no~\tat org.junit.Assert.fail(Assert.java:89)~\tat app.Calc.add(Calc.java:3)~\tat app.Main.main(Main.java:9) | src/main/java/app/Calc.java:3
          Error: no~    at Context.assert (node:assert:5:3)~    at add (/workspace/lib/undef.js:2:29)~    at /workspace/lib/bad.js:9:1 | lib/undef.js:2:29
          Error: no~    at async file:///workspace/lib/bad.js:9:1 | lib/bad.js:9:1
          def f():~>   calc.add(1)~~test_calc.py:3: ~_ _ _~tests/calc.py:2: NameError | tests/calc.py:2
          Traceback (most recent call last):~  File "/workspace/tests/run.py", line 4, in <module>~  File "/workspace/tests/calc.py", line 2, in add~NameError: no | tests/calc.py:2
          Failure/Error: expect(1).to eq(2)~# ./lib/bad.rb:5:in `block' | lib/bad.rb:5
          Failed asserting that 1 is 2.~~/workspace/lib/bad.php:12 | lib/bad.php:12
          AssertionError: no~ ❯ lib/types.ts:5:10 | lib/types.ts:5:10
          good_test.go:7: got 1~good_test.go:9: got 2 | good/good_test.go:7
          """)
  void theInnermostPlaceOfATraceIsTheOneInTheWorkspace(String trace, String place) {
    assertThat(DiagnosticReader.innermost(trace.replace('~', '\n').replace("\\t", "\t"), PATHS))
        .map(Object::toString)
        .contains(place);
  }

  @Test
  void aTraceWithoutAPlaceInTheWorkspaceHasNone() {
    assertThat(DiagnosticReader.innermost("E\n\tat java.util.List.of(List.java:3)\n", PATHS))
        .isEmpty();
  }

  private static List<Diagnostic> read(String printed) {
    return DiagnosticReader.read(printed, PATHS);
  }

  private static List<String> shown(List<Diagnostic> found) {
    return found.stream().map(d -> d.place() + ": " + d.message()).toList();
  }

  private static SourcePaths paths(String... files) {
    return new SourcePaths("/workspace", files(files), Set.of());
  }

  private static List<RelativePath> files(String... files) {
    return Stream.of(files).map(RelativePath::of).toList();
  }

  private static String printed(String tool) {
    try (InputStream in =
        DiagnosticReaderTest.class.getResourceAsStream("/diagnostics/" + tool + ".txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
