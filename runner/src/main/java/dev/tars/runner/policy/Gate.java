package dev.tars.runner.policy;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.List;

/** A check that the policy, never the plan, demands of every change set. */
public sealed interface Gate {
  String id();

  SourcePosition at();

  /** A command in the clean room that must exit with 0. */
  record Command(String id, Kind kind, List<String> argv, Duration timeout, SourcePosition at)
      implements Gate {
    public Command {
      argv = List.copyOf(argv);
    }

    /** What the command is for; both are judged alike. */
    public enum Kind {
      COMPILATION,
      COMMAND
    }
  }

  /**
   * A command whose JUnit XML reports are judged too, before and after the change.
   *
   * @param reports globs of the report files
   * @param reruns how often a red gate is tried again; green then means flaky
   */
  record Tests(
      String id,
      List<String> argv,
      List<Glob> reports,
      int minTests,
      int maxFailures,
      int reruns,
      Duration timeout,
      SourcePosition at)
      implements Gate {
    public Tests {
      argv = List.copyOf(argv);
      reports = List.copyOf(reports);
    }
  }

  /** A condition on the change set that must hold; what has no value does not hold. */
  record Expression(String id, Condition cel, String message, SourcePosition at) implements Gate {}
}
