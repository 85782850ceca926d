package app;

import static org.hamcrest.CoreMatchers.is;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThat;

import org.junit.Assert;
import org.junit.Test;

public class CalcTest {
  @Test
  public void halves() {
    assertEquals("of six", 3, Calc.half(6));
    assertThat(Calc.half(2), is(1));
    assertArrayEquals(new int[] {1}, new int[] {Calc.half(2)});
    Assert.assertFalse(Calc.half(4) == 1);
  }

  @org.junit.Test public void tnmontopcuuprts() throws Exception {
    throw new IllegalStateException("kymgvyiyvectph");
  }

  @org.junit.Test public void teeymijmpumfzit() throws Exception {
    org.junit.Assert.assertArrayEquals(new int[] {164}, new int[] {369});
  }

  @org.junit.Test public void tajpefygtnoizqi() throws Exception {
    org.junit.Assert.assertEquals(176, 463);
  }

  @org.junit.Test public void tusdzeezrntjsud() throws Exception {
    org.junit.Assert.assertFalse(true);
  }

  @org.junit.Test public void teqnjliewatmpfv() throws Exception {
    org.junit.Assert.assertThat(193, org.hamcrest.CoreMatchers.is(314));
  }

  @org.junit.Test public void tghxjjmbxoozdbz() throws Exception {
    
  }

}
