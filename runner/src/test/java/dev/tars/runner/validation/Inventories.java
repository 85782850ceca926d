package dev.tars.runner.validation;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.tests.Extent;
import dev.tars.runner.validation.tests.TestFailure;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/** Gates, inventories and baselines for tests, from short texts. */
final class Inventories {
  static final TestIntegrity STRICT = new TestIntegrity(List.of(), true, 0, 0, List.of());

  private Inventories() {}

  /** {@code "A#a passed, A#b failed: a message"}; the empty text has no test, but a report. */
  static TestInventory tests(String text) {
    TreeMap<String, TestStatus> tests = new TreeMap<>();
    TreeMap<String, TestFailure> failures = new TreeMap<>();
    for (String one : text.isBlank() ? new String[0] : text.split(", ")) {
      String[] said = one.split(": ", 2);
      int space = said[0].lastIndexOf(' ');
      String name = said[0].substring(0, space);
      tests.put(name, TestStatus.valueOf(said[0].substring(space + 1).toUpperCase(Locale.ROOT)));
      if (said.length > 1) {
        failures.put(name, new TestFailure(said[1], ""));
      }
    }
    return new TestInventory(1, tests, new TreeSet<>(), failures);
  }

  /** A baseline that ran so often, each time with this exit status. */
  static TestsBefore before(int exitCode, String... runs) {
    List<TestsBefore.Run> all = new ArrayList<>();
    for (String run : runs) {
      all.add(new TestsBefore.Run(exitCode, 10, tests(run)));
    }
    return new TestsBefore.Known(all);
  }

  /** Three runs that were the same. */
  static TestsBefore thrice(int exitCode, String run) {
    return before(exitCode, run, run, run);
  }

  static Gate.Tests gate(String command) {
    return new Gate.Tests(
        "unit",
        List.of(command.split(" ")),
        List.of(),
        1,
        0,
        0,
        Duration.ofMinutes(1),
        new SourcePosition("policy.yaml", 1, 1));
  }

  static Gate.Tests gate(int minTests, int maxFailures) {
    Gate.Tests gate = gate("mvn test");
    return new Gate.Tests(
        gate.id(), gate.argv(), List.of(), minTests, maxFailures, 0, gate.timeout(), gate.at());
  }

  static TestModel model(TestsBefore before, int exitCode, String after) {
    return model(gate("mvn test"), before, exitCode, after);
  }

  static TestModel model(Gate.Tests gate, TestsBefore before, int exitCode, String after) {
    return new TestModel(
        gate, STRICT, before, new TestModel.After(exitCode, tests(after), Extent.WHOLE));
  }
}
