package dev.tars.runner.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One rule on commands: a prefix of arguments, each a text or one of some, then what may follow.
 *
 * @param moreArgs every further argument must match it whole; empty means that none may follow
 *     where the rule allows, and that any may where it denies or asks
 * @param any true if any command matches
 */
record ArgvRule(
    RuleMatch match, boolean any, List<Set<String>> prefix, Optional<Pattern> moreArgs) {
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
    for (int i = 0; i < argv.size(); i++) {
      boolean fits =
          i < prefix.size() ? prefix.get(i).contains(argv.get(i)) : mayFollow(argv.get(i));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private boolean mayFollow(String argument) {
    boolean narrows = match.effect() != Effect.ALLOW;
    if (moreArgs.isEmpty() || argument.length() > MAX_ARGUMENT) {
      return narrows; // to add an argument must not be a way round a rule
    }
    return moreArgs.get().matcher(argument).matches();
  }
}
