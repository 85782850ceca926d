package dev.tars.runner.validation.tests;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collects tests from several report files, with a bound on how many and how long. */
final class InventoryBuilder {
  private static final int MOST_TESTS = 200_000;
  private static final int MOST_CHARACTERS = 32 << 20;

  private final Map<String, List<TestStatus>> seen = new HashMap<>();
  private final Set<String> flaky = new HashSet<>();
  private int tests;
  private int characters;

  void add(String name, TestStatus status, boolean passedOnRerun) throws IOException {
    characters += name.length();
    if (++tests > MOST_TESTS || characters > MOST_CHARACTERS) {
      throw new IOException("the reports hold more than " + MOST_TESTS + " tests");
    }
    seen.computeIfAbsent(name, n -> new ArrayList<>(1)).add(status);
    if (passedOnRerun) {
      flaky.add(name);
    }
  }

  /**
   * A name that occurs several times stays several tests: the worst first, the others numbered. So
   * a second, green report of a red test hides nothing, and one that vanished is missed.
   */
  TestInventory build(int files) {
    TreeMap<String, TestStatus> all = new TreeMap<>();
    seen.forEach((name, statuses) -> {
      statuses.sort(Collections.reverseOrder());
      for (int i = 0; i < statuses.size(); i++) {
        all.put(i == 0 ? name : name + " (" + (i + 1) + ")", statuses.get(i));
      }
    });
    return new TestInventory(files, all, new java.util.TreeSet<>(flaky));
  }
}
