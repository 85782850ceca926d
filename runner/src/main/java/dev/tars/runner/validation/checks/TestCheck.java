package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TreeEntry;
import java.util.Set;
import java.util.regex.Pattern;

/** Tests that are deleted, disabled, skipped or emptied, in the paths that a policy calls tests. */
final class TestCheck implements FileCheck {
  private static final Pattern SKIP =
      Pattern.compile(
          "@Disabled\\b|@Ignore\\b|@EnabledIf|@DisabledIf|@DisabledOn|assumeTrue\\s{0,3}\\(|assumeFalse\\s{0,3}\\("
              + "|pytest\\.(?:mark\\.)?(?:skip|xfail)|unittest\\.(?:skip|expectedFailure)|\\.skipTest\\("
              + "|\\b(?:it|test|describe|context|suite)\\.(?:skip|todo|only)\\b|\\bx(?:it|describe|test)\\s{0,3}\\("
              + "|\\bskip\\s{0,3}:\\s{0,3}(?:true|['\"])|\\bt\\.Skip(?:Now|f)?\\(|#\\[ignore");

  private static final Pattern TAUTOLOGY =
      Pattern.compile(
          "assertTrue\\s{0,3}\\(\\s{0,3}true\\s{0,3}\\)|assertFalse\\s{0,3}\\(\\s{0,3}false\\s{0,3}\\)"
              + "|\\bassert\\s{1,3}True\\b|assertThat\\(true\\)\\.isTrue|self\\.assertTrue\\(True\\)"
              + "|expect\\((true|1)\\)\\.to(?:Be|Equal)\\(\\1\\)|assert(?:\\.ok)?\\(true\\)");

  private static final Pattern ASSERTION =
      Pattern.compile(
          "\\bassert|\\bexpect\\s{0,3}\\(|\\bverify\\s{0,3}\\(|\\bshould\\b|\\bfail\\s{0,3}\\("
              + "|\\b(?:ASSERT|EXPECT|REQUIRE|CHECK)(?:_[A-Z]|\\s{0,3}\\()|\\bXCTAssert|->assert"
              + "|\\bt\\.(?:Error|Fatal|Fail|is|not|ok|notOk|equal|same|deepEqual|like|throws|true|false)\\w{0,20}\\("
              + "|\\b(?:must|wont)_\\w|\\brefute|\\b(?:require|chai)\\.(?:No|Equal|True|False|Nil|Error|Len)");

  /** Tests beside the code that they test: Rust, Zig, Vitest. */
  private static final Pattern IN_SOURCE =
      Pattern.compile(
          "#\\[(?:\\w+::)?test\\b|#\\[cfg\\(test\\)\\]|import\\.meta\\.vitest|^test \"",
          Pattern.MULTILINE);

  private static final Set<String> WITH_TESTS_INSIDE =
      Set.of("rs", "zig", "js", "mjs", "ts", "mts", "jsx", "tsx");

  private static final int LONGEST_LINE = 4096;

  private final CheckRules rules;

  TestCheck(CheckRules rules) {
    this.rules = rules;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    if (rules.tests().paths().stream().noneMatch(glob -> glob.matches(file.path()))
        && !holdsTests(file)) {
      return;
    }
    boolean wasFile = file.change().before().orElse(null) instanceof TreeEntry.RegularFile;
    if (wasFile && !file.isFileAfter()) {
      report(file, findings, "test.deleted", Severity.REVIEW, 0, "a test file is deleted");
    }
    for (AddedLine line : file.added()) {
      line(file, line, findings);
    }
    if (wasFile && file.isFileAfter()) {
      assertions(file, findings);
    }
  }

  /** What holds tests among its code is read as a test; it cannot be set back as one. */
  private static boolean holdsTests(ChangedFile file) {
    return WITH_TESTS_INSIDE.contains(file.extension())
        && file.beforeText().filter(text -> IN_SOURCE.matcher(text).find()).isPresent();
  }

  private void line(ChangedFile file, AddedLine line, Findings findings) {
    String text =
        line.text().length() > LONGEST_LINE ? line.text().substring(0, LONGEST_LINE) : line.text();
    for (String forbidden : rules.tests().forbidNew()) {
      if (holds(line.text(), forbidden)) {
        findings.add(
            "test.forbidden",
            Severity.REJECT,
            file.path(),
            line.number(),
            new Told(
                "the policy forbids new " + forbidden,
                "testIntegrity.forbidNew forbids what is new in this line"));
        return;
      }
    }
    if (SKIP.matcher(text).find()) {
      report(
          file,
          findings,
          "test.skipped",
          Severity.REVIEW,
          line.number(),
          "a test may no longer run: " + text.strip());
    }
    if (TAUTOLOGY.matcher(text).find()) {
      report(
          file,
          findings,
          "test.tautology",
          Severity.REVIEW,
          line.number(),
          "an assertion that cannot fail: " + text.strip());
    }
  }

  /** As a word of its own: {@code exit(} holds no {@code xit(}, and skipif is no skip. */
  private static boolean holds(String line, String forbidden) {
    for (int at = line.indexOf(forbidden); at >= 0; at = line.indexOf(forbidden, at + 1)) {
      int end = at + forbidden.length();
      boolean begins = at == 0 || !joins(line.charAt(at - 1), forbidden.charAt(0));
      boolean ends =
          end == line.length()
              || !joins(forbidden.charAt(forbidden.length() - 1), line.charAt(end));
      if (begins && ends) {
        return true;
      }
    }
    return false;
  }

  private static boolean joins(char one, char other) {
    return Character.isJavaIdentifierPart(one) && Character.isJavaIdentifierPart(other);
  }

  private static void assertions(ChangedFile file, Findings findings) {
    long before = file.beforeText().map(TestCheck::count).orElse(0L);
    long after = file.afterText().map(TestCheck::count).orElse(0L);
    if (after < before) {
      report(
          file,
          findings,
          "test.assertions",
          Severity.REVIEW,
          0,
          "a test file had " + before + " lines with assertions and has " + after);
    }
  }

  private static long count(String text) {
    return text.lines()
        .filter(l -> l.length() <= LONGEST_LINE && ASSERTION.matcher(l).find())
        .count();
  }

  private static void report(
      ChangedFile file,
      Findings findings,
      String rule,
      Severity severity,
      int line,
      String message) {
    findings.add(rule, severity, file.path(), line, message);
  }
}
