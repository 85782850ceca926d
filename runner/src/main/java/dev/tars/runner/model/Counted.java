package dev.tars.runner.model;

/** A number with its noun, as a person writes it. */
public final class Counted {
  private Counted() {}

  /** For example {@code 1 file}, {@code 2 files}. */
  public static String of(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
