package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.JsonPlace;
import dev.tars.runner.policy.JsonSchemas;
import dev.tars.runner.policy.MaximalPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Keys that load only as they are, what others name, those of any number; one never loads. */
  private static final String FIXED =
      "apiVersion|kind|extends\\[]\\.(ref|sha256)|approval\\.(overrides\\[]\\.gate|rules\\[]\\.id)"
          + "|evidence\\.attestation\\.(format|sign)|notifications\\.\\*\\.webhook"
          + "|processes\\.(allow|ask|deny)\\[]\\.any"
          + "|((filesystem|network)\\.limits|resources|runtime)\\.[a-zA-Z]+\\.(default|max)";

  private static final Map<String, String> OTHER_WORD =
      Map.ofEntries(
          Map.entry("allow", "deny"),
          Map.entry("deny", "allow"),
          Map.entry("ask", "deny"),
          Map.entry("continue", "stop"),
          Map.entry("optional", "required"),
          Map.entry("always", "optional"),
          Map.entry("paths", "tree"),
          Map.entry("revalidate", "fail"),
          Map.entry("patch-file", "worktree"),
          Map.entry("denies", "all"),
          Map.entry("http", "https"),
          Map.entry("http://proxy.example.org:3128", "http://other.example.org:3128"),
          Map.entry("rule-id", "full"),
          Map.entry("taken", "again"),
          Map.entry(
              "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
              "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="),
          Map.entry("engine-default", "strict"),
          Map.entry("notices.jsonl", "other.jsonl"),
          Map.entry("-D[a-z]+", "-D[a-z]*"),
          Map.entry("change.linesRemoved < 44", "change.linesRemoved < 45"),
          Map.entry("-j[0-9]", "-j[0-9]*"),
          Map.entry("/.*", "/.+|/"),
          Map.entry("Compilation", "CommandExecution"),
          Map.entry(">=1.0 <2.0", ">=0.1"));

  @TempDir private Path temp;

  @Test
  void everyKeyThatIsTakenOutOrChangedIsSaid() {
    MaximalPolicy maximal = new MaximalPolicy(temp);
    EffectivePolicy original = maximal.load(maximal.document());
    assertThat(diff(original, original).differences()).isEmpty();
    List<String> silent = new ArrayList<>();
    List<String> harmless = new ArrayList<>();
    List<String> unplaced = new ArrayList<>();
    Set<String> compared = new TreeSet<>();
    Set<String> wanted = new TreeSet<>(JsonSchemas.keys(JsonSchemas.load("policy-v1")));
    for (JsonPlace place : JsonPlace.all(maximal.document())) {
      for (ObjectNode mutant : mutants(maximal, place)) {
        Optional<EffectivePolicy> changed =
            compared.contains(place.pattern()) ? Optional.empty() : loaded(maximal, mutant);
        if (changed.isEmpty()) {
          continue; // a policy that does not load allows nothing
        }
        PolicyDiff diff = diff(original, changed.get());
        compared.add(place.pattern());
        if (diff.differences().isEmpty()) {
          silent.add(place.toString());
        } else if (diff.verdict().equals("equal") && !mayBeWithoutEffect(place.pattern())) {
          harmless.add(place.toString());
        }
        diff.differences().stream()
            .filter(d -> d.before().at().isEmpty() && d.after().at().isEmpty())
            .forEach(d -> unplaced.add(place + " " + d));
      }
    }
    assertThat(silent).as("changes that nothing is said of").isEmpty();
    assertThat(harmless).as("changes that are said to be none").isEmpty();
    assertThat(unplaced).as("differences without file and line").isEmpty();
    wanted.removeIf(key -> compared.stream().anyMatch(c -> c.startsWith(key)));
    wanted.removeIf(key -> key.matches(FIXED));
    assertThat(wanted).as("keys that no policy that loads differs in").isEmpty();
  }

  /** To ask both policies about requests does not see these: the control of the test above. */
  @ParameterizedTest
  @ValueSource(
      strings = {"notifications", "handlers", "retention", "evidence", "audit", "explain", "teams"})
  void requestsAloneTellNothingApart(String section) {
    MaximalPolicy maximal = new MaximalPolicy(temp);
    EffectivePolicy original = maximal.load(maximal.document());
    ObjectNode mutant = maximal.document();
    if (section.equals("teams")) {
      ((ArrayNode) mutant.at("/teams/build")).add("eve");
    } else {
      mutant.remove(section);
    }
    EffectivePolicy changed = maximal.load(mutant);
    List<Request> requests = SampleRequests.of(List.of(original, changed));
    assertThat(Flips.of(original, changed, requests).grouped()).isEmpty();
    assertThat(PolicyDiff.of(original, changed, requests).differences()).isNotEmpty();
  }

  /** Without a request to help: what is said here is said of the key alone. */
  private static PolicyDiff diff(EffectivePolicy before, EffectivePolicy after) {
    return PolicyDiff.of(before, after, List.of());
  }

  private static boolean mayBeWithoutEffect(String pattern) {
    String key = pattern.replaceFirst("\\[]$", "");
    return WITHOUT_EFFECT.contains(key) || key.matches(FOR_PEOPLE);
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
      case ArrayNode list when list.path(list.size() - 1).isTextual() -> {
        String last = list.get(list.size() - 1).textValue();
        String within = last.contains("**") ? last.replace("**", "zz/**") : last + "2";
        yield List.of(list.deepCopy().add(within));
      }
      case JsonNode number when number.isInt() -> List.of(json.numberNode(number.intValue() + 1));
      case JsonNode flag when flag.isBoolean() -> List.of(json.booleanNode(!flag.booleanValue()));
      case JsonNode text when text.isTextual() -> List.of(json.textNode(other(text.textValue())));
      default -> List.of();
    };
  }

  private static String other(String text) {
    String unit = text.replaceFirst("^[0-9]+(?=([KMGT]i)?B$|ms$|[smhd]$)", "");
    return unit.equals(text) ? OTHER_WORD.getOrDefault(text, text + "x") : "7" + unit;
  }

  private static Optional<EffectivePolicy> loaded(MaximalPolicy maximal, ObjectNode mutant) {
    try {
      return Optional.of(maximal.load(mutant));
    } catch (RunnerException e) {
      return Optional.empty();
    }
  }
}
