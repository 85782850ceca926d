package dev.tars.runner.report;

import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.workspace.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a report of a run may say. Text is as it came; the writers escape it.
 *
 * @param changes in path order
 * @param verdict empty if the run ended before there was one
 * @param tests every test of each test gate after the change, by the gate's id
 * @param isolation what was in force between box and host, name to value
 * @param missing what the engine could not give, as sentences
 * @param patch the change set as a patch, as text, possibly cut; or the empty string
 */
public record RunReport(
    Facts facts,
    Size size,
    List<Change> changes,
    Optional<Verdict> verdict,
    SortedMap<String, TestInventory> tests,
    SortedMap<String, String> isolation,
    List<String> missing,
    String patch) {
  public RunReport {
    changes = List.copyOf(changes);
    tests = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(tests));
    isolation = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(isolation));
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
      Instant at,
      String error,
      String next,
      Map<String, String> named) {
    public Facts {
      named = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(named));
    }
  }

  /** How large the change set is. */
  public record Size(int files, int linesAdded, int linesRemoved) {}
}
