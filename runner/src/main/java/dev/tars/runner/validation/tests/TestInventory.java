package dev.tars.runner.validation.tests;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Every test of a run by its name {@code class#method}, as the reports spell it, unescaped. Two
 * kinds of entries are no tests: what did not load, and what failed outside of a test.
 *
 * @param files how many report files were read
 * @param flaky tests that the tool itself tried again and that passed then
 * @param failures what the reports say of red entries
 */
public record TestInventory(
    int files,
    SortedMap<String, TestStatus> tests,
    SortedSet<String> flaky,
    SortedMap<String, TestFailure> failures) {
  /** Ends the name of an entry that stands for all tests of a class or file that did not load. */
  public static final String NOT_LOADED = "#(not loaded)";

  /** In the name of an entry that stands for a failure that no test shows. */
  public static final String OUTSIDE = "#(failure outside of a test)";

  public static final TestInventory EMPTY = new TestInventory(0, new TreeMap<>(), new TreeSet<>());

  public TestInventory {
    tests = Collections.unmodifiableSortedMap(new TreeMap<>(tests));
    flaky = Collections.unmodifiableSortedSet(new TreeSet<>(flaky));
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
  }

  /** One whose reports say of failures no more than that there are some. */
  public TestInventory(int files, SortedMap<String, TestStatus> tests, SortedSet<String> flaky) {
    this(files, tests, flaky, new TreeMap<>());
  }

  /** True for the name of an entry that stands for no test. */
  public static boolean isNoTest(String name) {
    return name.endsWith(NOT_LOADED) || name.contains(OUTSIDE);
  }

  /** Tests that ran to an end: all but the skipped ones. */
  public int run() {
    return count(TestStatus.PASSED) + redTests();
  }

  public int passed() {
    return count(TestStatus.PASSED);
  }

  /** Everything red: tests, what did not load, and failures outside of a test. */
  public int red() {
    return (int) tests.values().stream().filter(TestStatus::red).count();
  }

  /** Red tests alone. */
  public int redTests() {
    return count(TestStatus.FAILED) + count(TestStatus.ERROR);
  }

  /** Tests that ended so. */
  public int count(TestStatus status) {
    return count(name -> tests.get(name) == status && !(status.red() && isNoTest(name)));
  }

  private int count(Predicate<String> counted) {
    return (int) tests.keySet().stream().filter(counted).count();
  }

  /** What is known of a red entry; nothing is known of others. */
  public TestFailure failure(String name) {
    return failures.getOrDefault(name, TestFailure.NONE);
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
