package dev.tars.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which words of a line changed. */
final class WordDiffTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return a + b; | return a - b; | return a [+] b; | return a [-] b;",
        "call(one, two) | call(one, twelve) | call(one, [two]) | call(one, [twelve])",
        "int count = 1; | int counter = 1; | int [count] = 1; | int [counter] = 1;",
        "a b | a b c d | a b | a b[ c d]",
        "aaa | aaaa | [aaa] | [aaaa]",
        "entirely other words | nothing alike in here | entirely other words | nothing alike in here",
        "'' | x | '' | x"
      })
  void whatIsBetweenTheSharedEndsIsMarkedByWords(
      String before, String after, String shownBefore, String shownAfter) {
    WordDiff.Spans spans = WordDiff.between(before, after);
    assertThat(marked(before, spans.before())).isEqualTo(shownBefore);
    assertThat(marked(after, spans.after())).isEqualTo(shownAfter);
  }

  private static String marked(String text, WordDiff.Span span) {
    return span.isEmpty()
        ? text
        : text.substring(0, span.from())
            + "["
            + text.substring(span.from(), span.to())
            + "]"
            + text.substring(span.to());
  }
}
