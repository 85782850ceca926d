package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.PathRules;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The scratch rules of a policy, without what is source. A directory that is kept although a rule
 * names it is asked about under a name of no rule, so that what is below it is scratch only by
 * another rule ({@code build/__pycache__} in a package called {@code build}).
 */
final class ScratchRules {
  private static final Bytes NO_RULE = Bytes.of(new byte[] {1});

  private final PathRules rules;
  private final Predicate<RelativePath> source;
  private final Map<RelativePath, RelativePath> asked = new HashMap<>();

  /**
   * @param source asked about a path that a rule makes scratch: true if it is kept all the same
   */
  ScratchRules(PathRules rules, Predicate<RelativePath> source) {
    this.rules = rules;
    this.source = source;
  }

  /** True if this very directory, and so everything below it, is scratch. */
  boolean takesDirectory(RelativePath path) {
    return rules.scratchesDirectory(asked(path.parent()).resolve(path.name()))
        && !source.test(path);
  }

  /** True if this very path, which is no directory, is scratch. */
  boolean takes(RelativePath path) {
    return rules.scratches(asked(path.parent()).resolve(path.name())) && !source.test(path);
  }

  private RelativePath asked(RelativePath directory) {
    if (directory.isRoot()) {
      return directory;
    }
    RelativePath known = asked.get(directory);
    if (known == null) {
      RelativePath parent = asked(directory.parent());
      RelativePath named = parent.resolve(directory.name());
      boolean kept = rules.scratchesDirectory(named) && source.test(directory);
      known = kept ? parent.resolve(NO_RULE) : named;
      asked.put(directory, known);
    }
    return known;
  }
}
