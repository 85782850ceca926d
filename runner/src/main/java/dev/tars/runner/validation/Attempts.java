package dev.tars.runner.validation;

import dev.tars.runner.validation.tests.TestFailure;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Attempts at one test that a tool reports as several tests of one name, as Gradle's retry does. In
 * a run that ended with 0 each red one of them was followed by one that passed.
 */
final class Attempts {
  private static final Pattern NUMBERED = Pattern.compile("(?s)(.*) \\(([0-9]{1,6})\\)");

  private final TestInventory run;

  private Attempts(TestInventory run) {
    this.run = run;
  }

  /** The tests of a run, without red attempts of tests that passed; such tests are flaky. */
  static TestInventory settled(int exitCode, TestInventory run) {
    return exitCode == 0 && run.red() > 0 ? new Attempts(run).settled() : run;
  }

  private TestInventory settled() {
    TreeMap<String, TestStatus> tests = new TreeMap<>(run.tests());
    TreeMap<String, TestFailure> failures = new TreeMap<>(run.failures());
    TreeSet<String> flaky = new TreeSet<>(run.flaky());
    for (String name : run.tests().keySet()) {
      List<String> same = same(name);
      List<TestStatus> last =
          same.stream().map(tests::get).filter(status -> !status.red()).toList();
      if (last.size() == same.size() || !last.contains(TestStatus.PASSED)) {
        continue;
      }
      flaky.add(name);
      same.forEach(tests::remove);
      same.forEach(failures::remove);
      for (int i = 0; i < last.size(); i++) {
        tests.put(same.get(i), last.get(i));
      }
    }
    return new TestInventory(run.files(), tests, flaky, failures);
  }

  /** The entries of a name, in their order; none for a name that is another's attempt. */
  private List<String> same(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches() && run.tests().containsKey(numbered.group(1))) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    String next = name;
    for (int n = 2; run.tests().containsKey(next); n++) {
      names.add(next);
      next = name + " (" + n + ")";
    }
    return names;
  }
}
