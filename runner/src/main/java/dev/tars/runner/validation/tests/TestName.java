package dev.tars.runner.validation.tests;

import dev.tars.runner.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The name of a test, so that the same test has the same name in two runs. */
final class TestName {
  private static final int LONGEST = 400;

  /** What a parametrised name takes from an object's default {@code toString} or an address. */
  private static final Pattern VOLATILE =
      Pattern.compile("(?<=@)[0-9a-f]{4,16}\\b|\\b0x[0-9a-f]{6,16}\\b|(?<=junit-?)[0-9]{6,20}");

  private TestName() {}

  /**
   * {@code class#method}. Node's reporter writes the same class for every test: the suites around
   * it take its place.
   */
  static String of(String classname, String suites, String name) {
    boolean useSuites = classname.isEmpty() || (classname.equals("test") && !suites.isEmpty());
    return stable(useSuites ? suites : classname) + "#" + stable(name);
  }

  /** The entry that stands for a class, module or file that did not load. */
  static String notLoaded(String what) {
    return stable(what) + TestInventory.NOT_LOADED;
  }

  /** The entry that stands for a failure in a suite that no test of it shows. */
  static String outside(String suite) {
    return stable(suite) + TestInventory.OUTSIDE;
  }

  private static String stable(String text) {
    if (text.length() <= LONGEST) {
      return VOLATILE.matcher(text).replaceAll("…");
    }
    String head = VOLATILE.matcher(text.substring(0, LONGEST)).replaceAll("…");
    return head + "…" + Digest.of(text.getBytes(StandardCharsets.UTF_8)).brief();
  }
}
