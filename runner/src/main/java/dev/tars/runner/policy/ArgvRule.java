package dev.tars.runner.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One rule on commands: a prefix of arguments, each a text or one of some, then what may follow.
 *
 * @param moreArgs every further argument must match it whole; empty means none may follow
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
          i < prefix.size()
              ? prefix.get(i).contains(argv.get(i))
              : moreArgs.isPresent()
                  && argv.get(i).length() <= MAX_ARGUMENT
                  && moreArgs.get().matcher(argv.get(i)).matches();
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
