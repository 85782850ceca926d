package dev.tars.runner.validation;

import java.util.ArrayList;
import java.util.List;

/** Numbers and names of tests in sentences. */
final class Wording {
  private static final int NAMED = 3;

  private Wording() {}

  /** At most three names, and a sign if there are more. */
  static String some(Iterable<String> names) {
    List<String> all = new ArrayList<>();
    names.forEach(all::add);
    return String.join(", ", all.subList(0, Math.min(NAMED, all.size())))
        + (all.size() > NAMED ? ", …" : "");
  }

  /** A number and a noun that takes an s. */
  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
