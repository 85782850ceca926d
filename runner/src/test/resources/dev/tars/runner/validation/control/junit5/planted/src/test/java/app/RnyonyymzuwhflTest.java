package app;

public class RnyonyymzuwhflTest {
  @org.junit.jupiter.api.Test public void tgyuuclfsojptet() throws Exception {
    throw new IllegalStateException("keqbtcctfwxqxh");
  }

  @org.junit.jupiter.api.Test public void tgymxhvygwjwvss() throws Exception {
    org.assertj.core.api.Assertions.assertThat(191).isEqualTo(364);
  }

  @org.junit.jupiter.api.Test public void tcumkvlyepkfowb() throws Exception {
    org.junit.jupiter.api.Assertions.assertAll(() -> { throw new IllegalStateException(); });
  }

  @org.junit.jupiter.api.Test public void trxpdatpskllciv() throws Exception {
    org.junit.jupiter.api.Assertions.assertDoesNotThrow((org.junit.jupiter.api.function.Executable) () -> { throw new IllegalStateException(); });
  }

  @org.junit.jupiter.api.Test public void tqqzzmfmijpvueh() throws Exception {
    org.junit.jupiter.api.Assertions.assertEquals(471, 510);
  }

  @org.junit.jupiter.api.Test public void tuecotonzjzwhzz() throws Exception {
    org.junit.jupiter.api.Assertions.assertNotNull(null);
  }

  @org.junit.jupiter.api.Test public void teiojhiaeecxuih() throws Exception {
    org.junit.jupiter.api.Assertions.assertSame("txtvztkjficnla", "zoyffrowogtcsb");
  }

  @org.junit.jupiter.api.Test public void tryhtcxqslxtkqd() throws Exception {
    org.junit.jupiter.api.Assertions.assertTrue(false);
  }

  @org.junit.jupiter.api.Test public void tyjszabzsnwknxv() throws Exception {
    
  }

}
