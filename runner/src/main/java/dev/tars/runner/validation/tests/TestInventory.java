package dev.tars.runner.validation.tests;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every test of a run by its name {@code class#method}, as the reports spell it, unescaped.
 *
 * @param files how many report files were read
 * @param flaky tests that the tool itself tried again and that passed then
 */
public record TestInventory(
    int files, SortedMap<String, TestStatus> tests, SortedSet<String> flaky) {
  /** Ends the name of an entry that stands for all tests of a class or file that did not load. */
  public static final String NOT_LOADED = "#(not loaded)";

  public static final TestInventory EMPTY = new TestInventory(0, new TreeMap<>(), new TreeSet<>());

  public TestInventory {
    tests = Collections.unmodifiableSortedMap(new TreeMap<>(tests));
    flaky = Collections.unmodifiableSortedSet(new TreeSet<>(flaky));
  }

  /** Tests that ran to an end: all but the skipped ones. */
  public int run() {
    return tests.size() - count(TestStatus.SKIPPED);
  }

  public int red() {
    return count(TestStatus.FAILED) + count(TestStatus.ERROR);
  }

  public int count(TestStatus status) {
    return Collections.frequency(tests.values(), status);
  }

  /**
   * How a test ended, empty if there is no such test. The tests of a class or module that did not
   * load count as broken down: no report can name them.
   */
  public Optional<TestStatus> status(String name) {
    TestStatus own = tests.get(name);
    if (own != null) {
      return Optional.of(own);
    }
    int hash = name.indexOf('#');
    for (int end = hash; end > 0; end = name.lastIndexOf('.', end - 1)) {
      TestStatus whole = tests.get(name.substring(0, end) + NOT_LOADED);
      // A green test may have this name; only a red entry speaks for others.
      if (whole != null && whole.red()) {
        return Optional.of(whole);
      }
    }
    return Optional.empty();
  }
}
