package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.JsonPlace;
import dev.tars.runner.policy.JsonSchemas;
import dev.tars.runner.policy.MaximalPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No key of the schema can change without being said: each is taken out of a policy that has all of
 * them, and changed, and what differs must be named. What is said to be without effect must be a
 * key that is for people, or that says what is so anyway.
 */
class PolicyDiffKeysTest {
  /** Keys that may differ without holding a run to anything else. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "metadata.version",
          "metadata.description",
          "metadata.owners",
          "metadata.name",
          "metadata",
          "extends[].sha256",
          "tests",
          "filesystem.default",
          "filesystem.symlinks.follow",
          "processes.default",
          "processes.shell",
          "network.default",
          "environment.inherit",
          "resources.swap",
          "runtime.engine",
          "runtime.capabilities",
          "runtime.noNewPrivileges",
          "runtime.readOnlyRoot",
          "validation.cleanRoom",
          "validation.gates[].message",
          "approval.bindTo",
          "approval.overrides[].reason");

  /** The rules with these keys are the same without them. */
  private static final String FOR_PEOPLE = ".*\\[]\\.(id|reason|fix|examples(\\.(match|noMatch))?)";

  /** Texts of which most keys take one. */
  private static final List<String> WORDS =
      List.of(
          "1h", "1KiB", "false", "allow", "deny", "ask", "stop", "continue", "required", "optional",
          "tree", "paths", "fail", "revalidate", "worktree", "patch-file", "always", "all", "denies",
          "full", "rule-id", "strict", "engine-default", "other.jsonl", "other", "src/**", "x/y",
          "/opt/other", ">=0.1", "CommandExecution", "change.linesRemoved < 3", "json", "builtin:standard");

  @TempDir private Path temp;

  @Test
  void everyKeyThatIsTakenOutOrChangedIsSaid() {
    MaximalPolicy maximal = new MaximalPolicy(temp);
    EffectivePolicy original = maximal.load(maximal.document());
    assertThat(PolicyDiff.of(original, original).differences()).isEmpty();
    List<String> silent = new ArrayList<>();
    List<String> harmless = new ArrayList<>();
    List<String> unplaced = new ArrayList<>();
    Set<String> compared = new TreeSet<>();
    int unseenByRequests = 0;
    for (JsonPlace place : JsonPlace.all(maximal.document())) {
      for (ObjectNode mutant : mutants(maximal, place)) {
        Optional<EffectivePolicy> changed = loaded(maximal, mutant);
        if (changed.isEmpty()) {
          continue; // a policy that does not load allows nothing
        }
        PolicyDiff diff = PolicyDiff.of(original, changed.get());
        compared.add(place.pattern());
        if (diff.differences().isEmpty()) {
          silent.add(place.toString());
        } else if (diff.verdict().equals("equal") && !mayBeWithoutEffect(place.pattern())) {
          harmless.add(place + " " + diff.lines());
        }
        if (diff.differences().stream().allMatch(d -> d.example().isEmpty())) {
          unseenByRequests++;
        }
        diff.differences().stream()
            .filter(d -> d.before().at().isEmpty() && d.after().at().isEmpty())
            .forEach(d -> unplaced.add(place + " " + d));
      }
    }
    assertThat(silent).as("changes that nothing is said of").isEmpty();
    assertThat(harmless).as("changes that are said to be none").isEmpty();
    assertThat(unplaced).as("differences without file and line").isEmpty();
    // To ask both policies about requests alone would leave most of the schema out.
    assertThat(unseenByRequests).isGreaterThan(100);
    Set<String> never = new TreeSet<>(JsonSchemas.keys(JsonSchemas.load("policy-v1")));
    never.removeAll(compared);
    assertThat(never).as("keys that no policy that loads differs in").isEmpty();
  }

  private static boolean mayBeWithoutEffect(String pattern) {
    return WITHOUT_EFFECT.contains(pattern) || pattern.matches(FOR_PEOPLE);
  }

  /** Without it, and with other values of the same type. */
  private static List<ObjectNode> mutants(MaximalPolicy maximal, JsonPlace place) {
    List<ObjectNode> mutants = new ArrayList<>();
    ObjectNode without = maximal.document();
    place.remove(without);
    mutants.add(without);
    for (JsonNode other : others(place.get(maximal.document()))) {
      ObjectNode mutant = maximal.document();
      place.set(mutant, other);
      mutants.add(mutant);
    }
    return mutants;
  }

  private static List<JsonNode> others(JsonNode value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (value) {
      case ArrayNode list when list.size() > 1 -> {
        ArrayNode shorter = list.deepCopy();
        shorter.remove(0);
        yield List.of(shorter);
      }
      case JsonNode number when number.isInt() ->
          List.of(json.numberNode(number.intValue() + 1), json.numberNode(number.intValue() - 1));
      case JsonNode flag when flag.isBoolean() -> List.of(json.booleanNode(!flag.booleanValue()));
      case JsonNode text when text.isTextual() ->
          WORDS.stream().map(w -> (JsonNode) json.textNode(w)).toList();
      default -> List.of();
    };
  }

  private static Optional<EffectivePolicy> loaded(MaximalPolicy maximal, ObjectNode mutant) {
    try {
      return Optional.of(maximal.load(mutant));
    } catch (RunnerException e) {
      return Optional.empty();
    }
  }
}
