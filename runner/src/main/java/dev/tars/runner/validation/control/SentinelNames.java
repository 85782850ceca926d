package dev.tars.runner.validation.control;

import java.util.random.RandomGenerator;

/** Words that nobody can guess. They do not tell which test must be red. */
public final class SentinelNames {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 14;

  private final RandomGenerator random;

  /**
   * @param random what a change cannot foresee
   */
  public SentinelNames(RandomGenerator random) {
    this.random = random;
  }

  String next() {
    StringBuilder word = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return word.toString();
  }

  /**
   * A line of the table, or another that fails, with numbers and words that nobody can tell by what
   * they are: 1 and 2 become two numbers in this order, {@code a} and {@code b} in quotes two
   * words.
   */
  String fill(String code) {
    int smaller = 100 + random.nextInt(400);
    int larger = smaller + 1 + random.nextInt(400);
    return code.replaceAll("\\b1\\b", Integer.toString(smaller))
        .replaceAll("\\b2\\b", Integer.toString(larger))
        .replaceAll("(['\"/])a\\1", "$1" + next() + "$1")
        .replaceAll("(['\"/])b\\1", "$1" + next() + "$1")
        .replaceAll("\\bplanted\\b", next());
  }

  /** One that begins with a capital letter. */
  String nextType() {
    String word = next();
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
