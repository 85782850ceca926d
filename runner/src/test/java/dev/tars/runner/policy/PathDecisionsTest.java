package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole decisions of two layers, held against what one gets by asking every rule in turn. */
class PathDecisionsTest {
  private static final List<String> SECTIONS = List.of("write", "ask", "protect");

  @TempDir private Path temp;

  private final OddPaths odd = new OddPaths(77);
  private final PlainGlob plain = new PlainGlob();
  private int number;

  /** A rule as it is written. */
  private record Written(
      String id, String section, String glob, String except, List<FileOperation> operations) {
    String yaml() {
      String only =
          section.equals("hide")
              ? ""
              : ", operations: "
                  + operations.stream().map(o -> o.name().toLowerCase(Locale.ROOT)).toList();
      String but = except.isEmpty() ? "" : ", except: [\"" + except + "\"]";
      return "    - { id: " + id + ", paths: [\"" + glob + "\"]" + but + only + " }\n";
    }
  }

  @Test
  void decisionsNameEveryRuleThatMatchesTheStrictestFirst() {
    int policies = 0;
    int named = 0;
    for (int round = 0; round < 20; round++) {
      List<Written> user = rules("u");
      List<Written> workspace = rules("w");
      Optional<EffectivePolicy> policy = load(user, workspace);
      if (policy.isEmpty()) {
        continue; // an exception or a rule that can never apply
      }
      policies++;
      for (int i = 0; i < 40; i++) {
        RelativePath path = odd.path();
        FileOperation operation = FileOperation.values()[odd.choice(3)];
        List<String> expected = written(List.of(user, workspace), path, operation);
        assertThat(names(policy.get().write(path, operation)))
            .as(path.toString())
            .isEqualTo(expected);
        List<String> hidden = hidden(List.of(user, workspace), path);
        assertThat(names(policy.get().read(path))).as(path.toString()).isEqualTo(hidden);
        named += expected.size() + hidden.size();
      }
    }
    assertThat(policies).isGreaterThan(6);
    assertThat(named).isGreaterThan(1_500);
  }

  private List<Written> rules(String layer) {
    List<Written> rules = new ArrayList<>();
    for (String section : List.of("hide", "write", "ask", "protect")) {
      for (int i = 0; i < 8; i++) {
        String glob = odd.glob();
        boolean narrowed = glob.endsWith("/**") && odd.choice(2) == 0;
        String except = narrowed ? glob.substring(0, glob.length() - 2) + odd.glob() : "";
        List<FileOperation> all = List.of(FileOperation.values());
        List<FileOperation> some =
            all.subList(odd.choice(2), 3 - (section.equals("protect") ? 1 : 0));
        rules.add(new Written(layer + number++, section, glob, except, some));
      }
    }
    return rules;
  }

  private Optional<EffectivePolicy> load(List<Written> user, List<Written> workspace) {
    try {
      return Optional.of(new PolicyFiles(temp).user(yaml(user), yaml(workspace)));
    } catch (RunnerException neverApplies) {
      return Optional.empty();
    }
  }

  private static String yaml(List<Written> rules) {
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    for (Written rule : rules) {
      sections
          .computeIfAbsent(rule.section, s -> new StringBuilder("  " + s + ":\n"))
          .append(rule.yaml());
    }
    return "filesystem:\n" + String.join("", sections.values());
  }

  private static List<String> names(Decision decision) {
    return decision.matches().stream().map(RuleMatch::rule).toList();
  }

  private List<String> written(
      List<List<Written>> layers, RelativePath path, FileOperation operation) {
    PathSubject subject = PathSubject.of(path);
    List<Map.Entry<String, Integer>> votes = new ArrayList<>();
    for (List<Written> layer : layers) {
      boolean matched = false;
      for (int s = 0; s < SECTIONS.size(); s++) {
        for (Written rule : layer) {
          if (rule.section.equals(SECTIONS.get(s))
              && rule.operations.contains(operation)
              && matches(rule, subject)) {
            votes.add(Map.entry(rule.id, s));
            matched = true;
          }
        }
      }
      if (!matched) {
        votes.add(Map.entry("filesystem.default", 2));
      }
    }
    Comparator<Map.Entry<String, Integer>> strictness = Map.Entry.comparingByValue();
    return votes.stream().sorted(strictness.reversed()).map(Map.Entry::getKey).toList();
  }

  private List<String> hidden(List<List<Written>> layers, RelativePath path) {
    List<String> found = new ArrayList<>();
    for (RelativePath at = path; !at.isRoot(); at = at.parent()) {
      PathSubject subject = PathSubject.of(at);
      for (List<Written> layer : layers) {
        for (Written rule : layer) {
          boolean below =
              !at.equals(path)
                  && !rule.except.isEmpty()
                  && Globs.compile(rule.except).mayMatchBelow(subject.names());
          if (rule.section.equals("hide") && matches(rule, subject) && !below) {
            found.add(rule.id);
          }
        }
      }
    }
    return found.isEmpty() ? List.of("filesystem.read.default") : found;
  }

  /** What takes something away is also about the directory, and about every spelling. */
  private boolean matches(Written rule, PathSubject subject) {
    List<String> globs = new ArrayList<>();
    for (String glob : Globs.expand(rule.glob)) {
      globs.add(glob);
      if (glob.endsWith("/**") && !rule.section.equals("write")) {
        globs.add(glob.substring(0, glob.length() - 3));
      }
    }
    boolean hit = false;
    for (String glob : globs) {
      List<Bytes> folded = subject.foldedNames();
      hit |= plain.matches(glob, subject.names());
      hit |= !rule.section.equals("write") && plain.matches(Folding.foldPattern(glob), folded);
    }
    return hit && (rule.except.isEmpty() || !plain.matches(rule.except, subject.names()));
  }
}
