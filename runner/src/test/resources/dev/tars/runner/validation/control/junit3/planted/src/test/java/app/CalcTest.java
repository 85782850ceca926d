package app;

import junit.framework.TestCase;

public class CalcTest extends TestCase {
  public void testHalves() {
    assertEquals(3, Calc.half(6));
    assertNotNull("a");
  }

   public void testnmontopcuuprts() throws Exception {
    throw new IllegalStateException("kymgvyiyvectph");
  }

   public void testeeymijmpumfzit() throws Exception {
    junit.framework.TestCase.assertEquals(164, 369);
  }

   public void testajpefygtnoizqi() throws Exception {
    junit.framework.TestCase.assertNotNull(null);
  }

   public void testyzakrolmbqttzl() throws Exception {
    
  }

}
