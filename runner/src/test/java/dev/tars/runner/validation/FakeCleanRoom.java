package dev.tars.runner.validation;

import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxOutcome.Observation;
import dev.tars.runner.validation.control.Originals;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Answers each {@code gate/phase} as it was told, and remembers what was asked. What no caller may
 * ask for is an {@link AssertionError}, which no caller catches.
 */
final class FakeCleanRoom implements CleanRoom {
  static final Observation SEEN = new Observation("tail", 4, Duration.ofMillis(7));

  final List<Job> jobs = new ArrayList<>();
  private Originals originals = Originals.NONE;
  private final Map<String, Supplier<GateRun>> answers = new HashMap<>();

  FakeCleanRoom answer(String gateAndPhase, GateRun run) {
    answers.put(gateAndPhase, () -> run);
    return this;
  }

  FakeCleanRoom fail(String gateAndPhase, RuntimeException e) {
    answers.put(
        gateAndPhase,
        () -> {
          throw e;
        });
    return this;
  }

  FakeCleanRoom with(Originals files) {
    originals = files;
    return this;
  }

  @Override
  public Originals originals() {
    return originals;
  }

  List<String> phases() {
    return jobs.stream().map(job -> job.gate() + "/" + job.phase()).toList();
  }

  @Override
  public GateRun run(Job job) {
    String name = job.gate() + "/" + job.phase();
    Supplier<GateRun> answer = answers.get(name);
    require(answer != null, "no answer to " + name);
    require(!job.argv().isEmpty(), "no command in " + name);
    require(job.timeout().isPositive(), "no time for " + name);
    jobs.add(job);
    return answer.get();
  }

  private static void require(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError("misuse of the clean room: " + broken);
    }
  }

  static GateRun exited(int code) {
    return new GateRun(new SandboxOutcome.Exited(code, SEEN), Reports.none(), List.of());
  }

  static GateRun tests(int code, Object... namesAndStatuses) {
    return new GateRun(
        new SandboxOutcome.Exited(code, SEEN),
        new Reports.Read(inventory(namesAndStatuses)),
        List.of());
  }

  static TestInventory inventory(Object... namesAndStatuses) {
    TreeMap<String, TestStatus> all = new TreeMap<>();
    for (int i = 0; i < namesAndStatuses.length; i += 2) {
      all.put((String) namesAndStatuses[i], (TestStatus) namesAndStatuses[i + 1]);
    }
    return new TestInventory(1, all, new TreeSet<>());
  }
}
