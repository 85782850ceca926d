package dev.tars.runner.validation.control;

/**
 * A planted test.
 *
 * @param name what no report can hold by chance; part of the name that the tool reports
 * @param red true if it must fail
 * @param way how it fails, for people: {@code assertEquals}, or {@value #THROWN}
 * @param place the file that it is in
 */
record Sentinel(String name, boolean red, String way, Place place) {
  /** The way of a test that fails by itself. */
  static final String THROWN = "a thrown error";

  /** Where a sentinel stands. */
  enum Place {
    /** A file of its own. */
    OWN,
    /** A test file of the baseline. */
    ORIGINAL,
    /** A test file of the baseline that the change alters too. */
    ALTERED
  }

  boolean throwsError() {
    return red && way.equals(THROWN);
  }
}
