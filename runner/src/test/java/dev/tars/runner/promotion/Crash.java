package dev.tars.runner.promotion;

/** The process ends here; an Error, so that nothing in the production code handles it. */
public final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash(String where) {
    super("crash at " + where, null, false, false);
  }
}
