package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Requests that tell policies apart: made from the patterns of all of them, and from every pair of
 * patterns that can meet, so that each rule is asked about alone and against each other rule.
 */
final class SampleRequests {
  private static final int MOST_PATHS = 60_000;

  private final List<RuleText> rules = new ArrayList<>();
  private final List<JsonNode> documents = new ArrayList<>();

  private SampleRequests(List<EffectivePolicy> policies) {
    for (EffectivePolicy policy : policies) {
      rules.addAll(RuleTexts.of(policy));
      documents.addAll(RuleTexts.documents(policy));
    }
  }

  static List<Request> of(List<EffectivePolicy> policies) {
    SampleRequests samples = new SampleRequests(policies);
    Set<Request> all = new LinkedHashSet<>();
    boolean scratch =
        samples.rules.stream().anyMatch(r -> r.section().equals("filesystem.scratch"));
    for (RelativePath path : samples.paths()) {
      for (FileOperation operation : FileOperation.values()) {
        all.add(new Request.Write(path, operation));
      }
      all.add(new Request.Read(path));
      if (scratch) {
        all.add(new Request.Scratch(path));
      }
    }
    all.addAll(SampleCommands.of(samples.rules));
    all.addAll(SampleNames.of(samples.documents));
    all.addAll(SampleHosts.of(samples.rules));
    all.addAll(SampleFiles.of(samples.rules));
    return List.copyOf(all);
  }

  private Set<RelativePath> paths() {
    Set<String> globs = new LinkedHashSet<>();
    Set<RelativePath> paths = new LinkedHashSet<>();
    Witnesses.of("**").forEach(paths::add);
    for (RuleText rule : rules) {
      if (!rule.section().startsWith("filesystem.")) {
        continue;
      }
      globs.addAll(rule.texts("paths"));
      globs.addAll(rule.texts("except"));
      for (String list : List.of("match", "noMatch")) {
        rule.node().path("examples").path(list).forEach(e -> example(e.asText(), paths));
      }
    }
    globs.forEach(glob -> paths.addAll(Witnesses.of(glob)));
    globs.forEach(glob -> root(glob, paths));
    Set<Integer> characters = new LinkedHashSet<>();
    globs.forEach(glob -> characters.addAll(Witnesses.borders(glob)));
    globs.forEach(glob -> paths.addAll(Witnesses.edges(glob, characters)));
    List<String> all = List.copyOf(globs);
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size() && paths.size() < MOST_PATHS; j++) {
        if (mayMeet(all.get(i), all.get(j))) {
          paths.addAll(Witnesses.common(List.of(all.get(i), all.get(j))));
        }
      }
    }
    triples(all, paths);
    return paths;
  }

  /** What an exception lets through is asked about against every other pattern. */
  private void triples(List<String> globs, Set<RelativePath> paths) {
    Set<List<String>> pairs = new LinkedHashSet<>();
    for (RuleText rule : rules) {
      for (String except : rule.texts("except")) {
        rule.texts("paths").forEach(path -> pairs.add(List.of(path, except)));
      }
    }
    for (List<String> pair : pairs) {
      if (Witnesses.common(pair).isEmpty()) {
        continue;
      }
      for (String third : globs) {
        if (paths.size() < MOST_PATHS && mayMeet(pair.get(1), third)) {
          paths.addAll(Witnesses.common(List.of(pair.get(0), pair.get(1), third)));
        }
      }
    }
  }

  /** Patterns that begin with different names have no path in common. */
  private static boolean mayMeet(String one, String other) {
    String a = one.substring(0, Math.max(0, one.indexOf('/')));
    String b = other.substring(0, Math.max(0, other.indexOf('/')));
    boolean literal = !(a + b).matches(".*[*?\\[{].*") && !a.isEmpty() && !b.isEmpty();
    return !literal || a.equals(b);
  }

  /** {@code a/**} may also be about {@code a}. */
  private static void root(String glob, Set<RelativePath> paths) {
    if (glob.endsWith("/**")) {
      paths.addAll(Witnesses.of(glob.substring(0, glob.length() - 3)));
    }
  }

  private static void example(String text, Set<RelativePath> paths) {
    try {
      paths.add(RelativePath.of(text));
    } catch (IllegalArgumentException e) {
      return; // an example of a rule on commands
    }
  }
}
