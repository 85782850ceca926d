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

  @org.junit.jupiter.api.Test public void tnmontopcuuprts() throws Exception {
    throw new IllegalStateException("kymgvyiyvectph");
  }

  @org.junit.jupiter.api.Test public void teeymijmpumfzit() throws Exception {
    org.assertj.core.api.Assertions.assertThat(164).isEqualTo(369);
  }

  @org.junit.jupiter.api.Test public void tajpefygtnoizqi() throws Exception {
    org.junit.jupiter.api.Assertions.assertAll(() -> { throw new IllegalStateException(); });
  }

  @org.junit.jupiter.api.Test public void tusdzeezrntjsud() throws Exception {
    org.junit.jupiter.api.Assertions.assertDoesNotThrow((org.junit.jupiter.api.function.Executable) () -> { throw new IllegalStateException(); });
  }

  @org.junit.jupiter.api.Test public void teqnjliewatmpfv() throws Exception {
    org.junit.jupiter.api.Assertions.assertEquals(193, 314);
  }

  @org.junit.jupiter.api.Test public void twzyoerozhqlvqs() throws Exception {
    org.junit.jupiter.api.Assertions.assertNotNull(null);
  }

  @org.junit.jupiter.api.Test public void tdwhdiwxiplucbg() throws Exception {
    org.junit.jupiter.api.Assertions.assertSame("evidgywgsumidr", "tscchzqlcnhjfg");
  }

  @org.junit.jupiter.api.Test public void tyomcvsrcsbaskg() throws Exception {
    org.junit.jupiter.api.Assertions.assertTrue(false);
  }

  @org.junit.jupiter.api.Test public void txuuhkztptxhsnb() throws Exception {
    
  }

}
