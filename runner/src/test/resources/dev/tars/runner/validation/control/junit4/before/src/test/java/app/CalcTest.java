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
}
