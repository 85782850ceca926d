package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.List;
import java.util.Set;

/**
 * One rule on paths.
 *
 * @param except narrows this rule only
 * @param folded compare names as a careless file system would: protected names in any spelling
 * @param approval id of the approval rule that an ASK needs, or the empty string
 */
record PathRule(
    RuleMatch match,
    List<Glob> globs,
    List<Glob> except,
    Set<FileOperation> operations,
    boolean folded,
    String approval) {
  PathRule {
    globs = List.copyOf(globs);
    except = List.copyOf(except);
    operations = Set.copyOf(operations);
  }

  boolean matches(RelativePath path) {
    if (!anyMatches(globs, path) && !(folded && anyMatches(globs, Folding.fold(path)))) {
      return false;
    }
    return !anyMatches(except, path);
  }

  boolean matches(RelativePath path, FileOperation operation) {
    return operations.contains(operation) && matches(path);
  }

  private static boolean anyMatches(List<Glob> globs, RelativePath path) {
    if (globs.isEmpty() || path.isRoot()) {
      return false;
    }
    List<Bytes> components = path.components();
    for (Glob glob : globs) {
      if (glob.matches(path, components)) {
        return true;
      }
    }
    return false;
  }
}
