package dev.tars.runner.admin;

import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Effect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One file of policy tests.
 *
 * @param policy the policy that they are about: a file, or {@code builtin:NAME}
 */
record PolicyTestFile(Path file, String policy, List<Case> cases) {
  PolicyTestFile {
    cases = List.copyOf(cases);
  }

  /** One claim about a policy. */
  sealed interface Case {
    String name();

    SourcePosition at();
  }

  /**
   * What is decided about a request.
   *
   * @param rule the rule that decides, if the case says so
   * @param approval an approval rule that an {@code ask} needs, if the case says so
   */
  record Asks(
      String name,
      SourcePosition at,
      Request request,
      Effect decision,
      Optional<String> rule,
      Optional<String> approval)
      implements Case {}

  /** What a value of the policy is, as {@code policy show --effective} shows it. */
  record Holds(String name, SourcePosition at, String key, String equals) implements Case {}

  /** What recorded decisions would be today. */
  record Replays(String name, SourcePosition at, Path records, int changedVerdicts)
      implements Case {}
}
