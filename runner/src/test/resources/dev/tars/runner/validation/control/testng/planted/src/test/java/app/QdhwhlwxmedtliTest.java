package app;

public class QdhwhlwxmedtliTest {
  @org.testng.annotations.Test public void tojlonvvnwdcpoh() throws Exception {
    throw new IllegalStateException("jbidbsprtpxpwk");
  }

  @org.testng.annotations.Test public void tdrtscchzqlcnhj() throws Exception {
    org.testng.Assert.assertEquals(145, 205);
  }

  @org.testng.annotations.Test public void todnssekcwuwvrf() throws Exception {
    org.testng.Assert.assertThrows(IllegalStateException.class, () -> {});
  }

  @org.testng.annotations.Test public void trnyonyymzuwhfl() throws Exception {
    org.testng.Assert.assertTrue(false);
  }

  @org.testng.annotations.Test public void tgyuuclfsojptet() throws Exception {
    
  }

}
