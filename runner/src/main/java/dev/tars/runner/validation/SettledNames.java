package dev.tars.runner.validation;

import dev.tars.runner.validation.tests.TestFailure;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Names of tests that are others in each run, replaced by their shape and a number, so that the
 * same test has the same name. A name changes if it is not in every run of the baseline: one that
 * is in all of them is never matched by shape.
 */
final class SettledNames {
  private static final Pattern DIGIT_WORD = Pattern.compile("[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*");
  private static final Pattern PARAMETERS = Pattern.compile("(?s)[\\[({].*");

  private final Set<String> stable;
  private final Set<String> shapes;
  private final UnaryOperator<String> shape;

  private SettledNames(Set<String> stable, Set<String> shapes, UnaryOperator<String> shape) {
    this.stable = stable;
    this.shapes = shapes;
    this.shape = shape;
  }

  /** What the runs of a baseline show of which names change. */
  static SettledNames of(List<TestInventory> runs) {
    Set<String> stable = new HashSet<>();
    if (!runs.isEmpty()) {
      stable.addAll(runs.getFirst().tests().keySet());
      runs.forEach(run -> stable.retainAll(run.tests().keySet()));
    }
    List<List<String>> changing =
        runs.stream()
            .map(run -> run.tests().keySet().stream().filter(n -> !stable.contains(n)).toList())
            .toList();
    UnaryOperator<String> shape = agree(changing) ? SettledNames::fine : SettledNames::coarse;
    Set<String> shapes = new HashSet<>();
    changing.forEach(names -> names.forEach(name -> shapes.add(shape.apply(name))));
    return new SettledNames(stable, shapes, shape);
  }

  /** True if every run has as many names of each fine shape as the others. */
  private static boolean agree(List<List<String>> changing) {
    return changing.stream()
            .map(names -> names.stream().map(SettledNames::fine).sorted().toList())
            .distinct()
            .count()
        <= 1;
  }

  private static String fine(String name) {
    return DIGIT_WORD.matcher(name).replaceAll("…");
  }

  private static String coarse(String name) {
    int hash = name.indexOf('#');
    String method = name.substring(hash + 1);
    String bare = PARAMETERS.matcher(method).replaceFirst("[…]");
    return fine(name.substring(0, hash + 1) + bare);
  }

  /** The same tests; those of one shape are numbered, the worst first. */
  TestInventory apply(TestInventory run) {
    Map<String, List<String>> groups = new TreeMap<>();
    for (String name : run.tests().keySet()) {
      String own = shape.apply(name);
      boolean changes = !stable.contains(name) && shapes.contains(own);
      groups.computeIfAbsent(changes ? own : name, n -> new ArrayList<>(1)).add(name);
    }
    TreeMap<String, TestStatus> tests = new TreeMap<>();
    TreeSet<String> flaky = new TreeSet<>();
    TreeMap<String, TestFailure> failures = new TreeMap<>();
    groups.forEach((group, names) -> {
      names.sort(Comparator.comparing((String n) -> run.tests().get(n)).reversed());
      for (int i = 0; i < names.size(); i++) {
        String settled = i == 0 ? group : group + " (" + (i + 1) + ")";
        tests.put(settled, run.tests().get(names.get(i)));
        if (run.flaky().contains(names.get(i))) {
          flaky.add(settled);
        }
        if (run.failures().containsKey(names.get(i))) {
          failures.put(settled, run.failure(names.get(i)));
        }
      }
    });
    return new TestInventory(run.files(), tests, flaky, failures);
  }
}
