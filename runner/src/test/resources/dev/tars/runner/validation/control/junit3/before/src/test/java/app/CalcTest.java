package app;

import junit.framework.TestCase;

public class CalcTest extends TestCase {
  public void testHalves() {
    assertEquals(3, Calc.half(6));
    assertNotNull("a");
  }
}
