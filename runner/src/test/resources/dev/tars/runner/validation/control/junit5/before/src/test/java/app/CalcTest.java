package app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CalcTest {
  @Test
  void halves() {
    assertEquals(3, Calc.half(6));
    assertTrue(Calc.half(2) == 1, "of two");
    assertThat(Calc.half(4)).isEqualTo(2);
    assertDoesNotThrow(() -> Calc.half(1));
    assertAll(() -> assertNotNull("a"));
  }

  @Nested
  class Odd {
    @Test
    void isCut() {
      assertSame(1, Calc.half(3));
    }
  }
}
