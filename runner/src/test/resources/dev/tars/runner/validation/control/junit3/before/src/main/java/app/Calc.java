package app;

public final class Calc {
  private Calc() {}

  public static int half(int n) {
    return n / 2;
  }
}
