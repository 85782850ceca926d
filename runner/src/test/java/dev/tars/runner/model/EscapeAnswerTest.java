package dev.tars.runner.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapeAnswerTest {
  @Test
  void anAnswerIsOneLineAndBounded() {
    assertThat(Escape.answer(" short\n", 600)).isEqualTo("short");
    String bounded = Escape.answer("x".repeat(8000) + "\u001b[31m", 600);
    assertThat(bounded).startsWith("xxx").endsWith("… (7405 more)").hasSizeLessThan(640);
    assertThat(Escape.answer("a\u001bb", 600)).isEqualTo("a<U+001B>b");
  }
}
