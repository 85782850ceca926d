package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One rule on commands: a prefix of arguments, each a text or one of some, then what may follow.
 *
 * @param moreArgs where the rule allows, every further argument must match it whole, and none may
 *     follow if it is empty; where it denies or asks, the rule is only about commands in which a
 *     further argument matches
 * @param any true if any command matches
 * @param approval id of the approval rule that an ASK needs, or the empty string
 */
record ArgvRule(
    RuleMatch match,
    boolean any,
    List<Set<String>> prefix,
    Optional<Pattern> moreArgs,
    String approval) {
  private static final int MAX_ARGUMENT = 10_000;

  ArgvRule {
    prefix = List.copyOf(prefix);
  }

  boolean matches(List<String> argv) {
    if (any) {
      return true;
    }
    if (argv.size() < prefix.size()) {
      return false;
    }
    boolean allows = match.effect() == Effect.ALLOW;
    for (int i = 0; i < prefix.size(); i++) {
      boolean fits = prefix.get(i).contains(argv.get(i));
      // A program that is named by its path is still that program.
      boolean byPath = i == 0 && !allows && prefix.getFirst().contains(name(argv.getFirst()));
      if (!fits && !byPath) {
        return false;
      }
    }
    List<String> more = argv.subList(prefix.size(), argv.size());
    return allows ? more.stream().allMatch(this::mayFollow) : isAbout(more);
  }

  private static String name(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }

  /** The engine's time is linear in the argument; memory is what is bounded here. */
  private boolean mayFollow(String argument) {
    return moreArgs.isPresent()
        && argument.length() <= MAX_ARGUMENT
        && moreArgs.get().matches(argument);
  }

  /** To add an argument must not be a way round a rule, nor must a very long one. */
  private boolean isAbout(List<String> more) {
    return moreArgs.isEmpty()
        || more.stream().anyMatch(a -> a.length() > MAX_ARGUMENT || moreArgs.get().matches(a));
  }
}
