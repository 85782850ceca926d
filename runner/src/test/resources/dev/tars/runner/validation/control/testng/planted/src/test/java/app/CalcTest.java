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

  @org.testng.annotations.Test public void tnmontopcuuprts() throws Exception {
    throw new IllegalStateException("kymgvyiyvectph");
  }

  @org.testng.annotations.Test public void teeymijmpumfzit() throws Exception {
    org.testng.Assert.assertEquals(164, 369);
  }

  @org.testng.annotations.Test public void tajpefygtnoizqi() throws Exception {
    org.testng.Assert.assertThrows(IllegalStateException.class, () -> {});
  }

  @org.testng.annotations.Test public void tusdzeezrntjsud() throws Exception {
    org.testng.Assert.assertTrue(false);
  }

  @org.testng.annotations.Test public void tdumsdlvsieomin() throws Exception {
    
  }

}
