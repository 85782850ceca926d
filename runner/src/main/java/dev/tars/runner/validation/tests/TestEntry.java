package dev.tars.runner.validation.tests;

/**
 * One test as one report has it.
 *
 * @param passedOnRerun the tool tried it again and it passed then
 * @param failure what is said of it if it is red
 */
record TestEntry(String name, TestStatus status, boolean passedOnRerun, TestFailure failure) {

  /** One of which no more is said than how it ended. */
  static TestEntry of(String name, TestStatus status) {
    return new TestEntry(name, status, false, TestFailure.NONE);
  }
}
