package app;

public class JbidbsprtpxpwkTest {
  @org.junit.Test public void tppmgqkhmcpauiq() throws Exception {
    throw new IllegalStateException("drtscchzqlcnhj");
  }

  @org.junit.Test public void todnssekcwuwvrf() throws Exception {
    org.junit.Assert.assertArrayEquals(new int[] {163}, new int[] {410});
  }

  @org.junit.Test public void trnyonyymzuwhfl() throws Exception {
    org.junit.Assert.assertEquals(326, 343);
  }

  @org.junit.Test public void tkeqbtcctfwxqxh() throws Exception {
    org.junit.Assert.assertFalse(true);
  }

  @org.junit.Test public void tgymxhvygwjwvss() throws Exception {
    org.junit.Assert.assertThat(191, org.hamcrest.CoreMatchers.is(364));
  }

  @org.junit.Test public void tkjkihuywilhcto() throws Exception {
    
  }

}
