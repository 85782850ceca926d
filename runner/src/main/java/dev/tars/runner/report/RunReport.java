package dev.tars.runner.report;

import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.tests.TestInventory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a report of a run may say. Text is as it came; the writers escape it.
 *
 * @param files what changed, in path order
 * @param verdict empty if the run ended before there was one
 * @param before every test of each test gate on the baseline, by the gate's id, where it was run
 * @param tests the same after the change
 * @param isolation what was in force between box and host, name to value
 * @param missing what the engine could not give, as sentences
 */
public record RunReport(
    Facts facts,
    Size size,
    List<FileDiff> files,
    Optional<Verdict> verdict,
    SortedMap<String, TestInventory> before,
    SortedMap<String, TestInventory> tests,
    SortedMap<String, String> isolation,
    List<String> missing,
    RunHistory history) {
  public RunReport {
    files = List.copyOf(files);
    before = Collections.unmodifiableSortedMap(new TreeMap<>(before));
    tests = Collections.unmodifiableSortedMap(new TreeMap<>(tests));
    isolation = Collections.unmodifiableSortedMap(new TreeMap<>(isolation));
    missing = List.copyOf(missing);
  }

  /**
   * What identifies a run and how it ended.
   *
   * @param error why it ended, if it ended with an error; or the empty string
   * @param next what to do now, as a sentence
   * @param named further facts to show, for example digests: name to value, in this order
   */
  public record Facts(
      String contextId,
      String improvementId,
      String title,
      String workspace,
      String state,
      int exitCode,
      String error,
      String next,
      Map<String, String> named) {
    public Facts {
      named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }
  }

  /** How large the change set is. */
  public record Size(int files, int linesAdded, int linesRemoved) {}
}
