package dev.tars.runner.validation.tests;

/** What the report files of one run come to. */
public sealed interface Reports {
  /** All of them were read; there may be none. */
  record Read(TestInventory tests, Extent extent) implements Reports {
    /** Reports that show all of a run. */
    public Read(TestInventory tests) {
      this(tests, Extent.WHOLE);
    }
  }

  /** One of them cannot be read or breaks a bound: nothing of them counts. */
  record Unreadable(String reason) implements Reports {}

  /** None were asked for. */
  static Reports none() {
    return new Read(TestInventory.EMPTY);
  }
}
