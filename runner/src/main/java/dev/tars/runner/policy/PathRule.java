package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One rule on paths.
 *
 * @param folded the same globs for the folded path, where a rule is about a name in any spelling
 * @param except narrows this rule only
 * @param approval id of the approval rule that an ASK needs, or the empty string
 */
record PathRule(
    RuleMatch match,
    List<Glob> globs,
    List<Glob> folded,
    List<Glob> except,
    Set<FileOperation> operations,
    String approval) {
  PathRule {
    globs = List.copyOf(globs);
    folded = List.copyOf(folded);
    except = List.copyOf(except);
    operations =
        operations.isEmpty()
            ? Set.of()
            : Collections.unmodifiableSet(EnumSet.copyOf(operations)); // quick to ask
  }

  /**
   * The rule for names in any spelling, as a careless file system or tool would take them: what is
   * protected is protected as {@code codeowners} too.
   */
  PathRule inAnySpelling() {
    List<Glob> spelled = new ArrayList<>();
    globs.forEach(glob -> spelled.add(Globs.compile(Folding.foldPattern(glob.text()))));
    return new PathRule(match, globs, spelled, except, operations, approval);
  }

  /**
   * {@code a/**} is also about {@code a} itself where a rule takes something away: a directory that
   * is protected may not become a link to another one.
   */
  PathRule withDirectories() {
    List<Glob> all = new ArrayList<>(globs);
    for (Glob glob : globs) {
      if (glob.text().endsWith("/**")) {
        all.add(Globs.compile(glob.text().substring(0, glob.text().length() - 3)));
      }
    }
    return new PathRule(match, all, folded, except, operations, approval);
  }

  /** True if an exception may match something below this directory. */
  boolean mayExceptBelow(PathSubject directory) {
    return except.stream().anyMatch(glob -> glob.mayMatchBelow(directory.names()));
  }

  boolean matches(RelativePath path) {
    return !path.isRoot() && matches(PathSubject.of(path));
  }

  boolean matches(PathSubject subject) {
    boolean hit = anyMatches(globs, subject.names()) || anyMatches(folded, subject.foldedNames());
    return hit && !excepts(subject);
  }

  /** True if an exception matches. */
  boolean excepts(PathSubject subject) {
    return anyMatches(except, subject.names());
  }

  private static boolean anyMatches(List<Glob> globs, List<Bytes> names) {
    for (int i = 0; i < globs.size(); i++) {
      if (globs.get(i).matches(names)) {
        return true;
      }
    }
    return false;
  }
}
