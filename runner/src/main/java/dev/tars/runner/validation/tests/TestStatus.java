package dev.tars.runner.validation.tests;

/** How one test ended, from the best to the worst. */
public enum TestStatus {
  PASSED,
  SKIPPED,
  FAILED,
  ERROR;

  /** Failed or broke down. */
  public boolean red() {
    return compareTo(FAILED) >= 0;
  }
}
