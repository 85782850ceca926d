package dev.tars.runner.validation.tests;

import java.util.Collections;
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
}
