package app;

import static org.testng.Assert.assertEquals;

import org.testng.Assert;
import org.testng.annotations.Test;

public class CalcTest {
  @Test
  public void halves() {
    assertEquals(Calc.half(6), 3);
    Assert.assertTrue(Calc.half(2) == 1);
    Assert.assertThrows(ArithmeticException.class, () -> Calc.half(1 / 0));
  }
}
