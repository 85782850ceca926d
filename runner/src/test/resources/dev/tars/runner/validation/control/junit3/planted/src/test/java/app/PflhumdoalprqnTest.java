package app;

public class PflhumdoalprqnTest extends junit.framework.TestCase {
   public void testfysieqczllrrbj() throws Exception {
    throw new IllegalStateException("qdhwhlwxmedtli");
  }

   public void testjbidbsprtpxpwk() throws Exception {
    junit.framework.TestCase.assertEquals(438, 824);
  }

   public void testdrtscchzqlcnhj() throws Exception {
    junit.framework.TestCase.assertNotNull(null);
  }

   public void testfgkzhowgupjeut() throws Exception {
    
  }

}
