package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.RunnerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No key is silently ignored: a policy that holds every key of the schema, without one of them, or
 * with one misspelt, is refused or says something else. For a key that only says what is so anyway
 * another value must be refused.
 */
class NoSilentKeyTest {
  /** Keys that say what is so anyway, each with a value that must be refused. */
  private static final Map<String, String> ASSERTED = new LinkedHashMap<>();

  static {
    ASSERTED.put("requires", "{\"tarscli\":\">=99\"}");
    ASSERTED.put("filesystem.default", "\"allow\"");
    ASSERTED.put("filesystem.symlinks.follow", "\"anywhere\"");
    ASSERTED.put("processes.default", "\"allow\"");
    ASSERTED.put("processes.shell", "\"allow\"");
    ASSERTED.put("network.default", "\"allow\"");
    ASSERTED.put("environment.inherit", "[\"PATH\"]");
    ASSERTED.put("resources.swap", "\"1GiB\"");
    ASSERTED.put("runtime.engine", "\"podman\"");
    ASSERTED.put("runtime.capabilities", "[\"SYS_ADMIN\"]");
    ASSERTED.put("runtime.noNewPrivileges", "false");
    ASSERTED.put("runtime.readOnlyRoot", "false");
    ASSERTED.put("validation.cleanRoom", "false");
    ASSERTED.put("approval.bindTo", "\"nothing\"");
    ASSERTED.put("approval.overrides[].reason", "\"optional\"");
  }

  @TempDir private Path temp;
  private MaximalPolicy maximal;
  private List<String> original = List.of();

  @BeforeEach
  void load() {
    maximal = new MaximalPolicy(temp);
    original = PolicyVector.of(maximal.load(maximal.document()));
  }

  @Test
  void whatIsTakenOutIsMissed() {
    List<String> unnoticed = new ArrayList<>();
    int tried = 0;
    for (JsonPlace place : JsonPlace.all(maximal.document())) {
      ObjectNode mutant = maximal.document();
      place.remove(mutant);
      tried++;
      if (!isNoticed(mutant) && !isChecked(place)) {
        unnoticed.add(place.toString());
      }
    }
    assertThat(tried).isGreaterThan(350);
    assertThat(unnoticed).isEmpty();
  }

  @Test
  void whatIsMisspeltIsRefusedWithItsPlaceAndNameNearby() {
    List<String> unnoticed = new ArrayList<>();
    for (JsonPlace place : JsonPlace.all(maximal.document())) {
      if (place.key().isEmpty()) {
        continue;
      }
      ObjectNode mutant = maximal.document();
      place.rename(mutant, place.key().get() + "x");
      if (JsonPlace.NAMES.contains(place.parentPattern())) {
        assertThat(isNoticed(mutant)).as(place.toString()).isTrue();
        continue;
      }
      try {
        maximal.load(mutant);
        unnoticed.add(place.toString());
      } catch (RunnerException e) {
        boolean named =
            e.problems().stream()
                .anyMatch(p -> p.what().contains("unknown key '" + place.key().get() + "x'"));
        if (!named) {
          unnoticed.add(place + ": " + e.getMessage());
        }
      }
    }
    assertThat(unnoticed).isEmpty();
  }

  /** True if only another value than the one that holds anyway is refused. */
  private boolean isChecked(JsonPlace place) {
    String pattern = place.pattern();
    if (pattern.contains(".examples")) {
      return falseExampleIsRefused(place);
    }
    String wrong = ASSERTED.get(pattern);
    if (wrong == null) {
      return false;
    }
    ObjectNode mutant = maximal.document();
    place.set(mutant, MaximalPolicy.json(wrong));
    return isRefused(mutant);
  }

  /**
   * An example says nothing to a run: it is checked at every load, so a false one must not load.
   */
  private boolean falseExampleIsRefused(JsonPlace place) {
    JsonNode value = place.get(maximal.document());
    if (value instanceof ObjectNode examples) {
      return examples.has("match") && examples.has("noMatch"); // each is tried on its own
    }
    ObjectNode mutant = maximal.document();
    JsonNode other = MaximalPolicy.json("\"zzz/none of these\"");
    boolean positive = place.pattern().contains(".match");
    if (!positive) {
      JsonPlace match = place.sibling("match");
      other = ((ArrayNode) match.get(maximal.document())).get(0);
    }
    ArrayNode one = MaximalPolicy.array().add(other);
    place.set(mutant, value.isArray() ? one : other);
    return isRefused(mutant);
  }

  private boolean isNoticed(ObjectNode mutant) {
    try {
      return !PolicyVector.of(maximal.load(mutant)).equals(original);
    } catch (RunnerException e) {
      return true;
    }
  }

  private boolean isRefused(ObjectNode mutant) {
    try {
      maximal.load(mutant);
      return false;
    } catch (RunnerException e) {
      return true;
    }
  }

  @Test
  void everyKeyOfTheSchemaIsInThePolicyThatIsMutated() {
    Set<String> known = new TreeSet<>(JsonSchemas.keys(JsonSchemas.policy()));
    Set<String> used = new TreeSet<>();
    for (JsonPlace place : JsonPlace.all(maximal.document())) {
      if (place.key().isPresent() && !JsonPlace.NAMES.contains(place.parentPattern())) {
        used.add(place.pattern());
      }
    }
    assertThat(known.remove("processes.deny[].any")).isTrue(); // leaves nothing of all others
    assertThat(known.remove("notifications.*.webhook")).isTrue(); // refused, as the next test sees
    if (known.size() < 150) {
      fail("the schema has only " + known.size() + " keys");
    }
    String pairs =
        "((filesystem|network)\\.limits|resources|runtime)\\..*\\.(default|max)"; // on any number
    known.removeIf(key -> key.matches(pairs));
    used.removeIf(key -> key.matches(pairs));
    Set<String> unused = new TreeSet<>(known);
    unused.removeAll(used);
    used.removeAll(known);
    assertThat(unused).as("keys of the schema that the policy does not have").isEmpty();
    assertThat(used).as("keys of the policy that the schema does not have").isEmpty();
  }

  @Test
  void aWebhookIsRefusedAndNotSilentlyDropped() {
    ObjectNode mutant = maximal.document();
    ObjectNode channel = (ObjectNode) mutant.at("/notifications/team-log");
    channel.put("webhook", "https://hooks.example.org/x");
    assertThat(isRefused(mutant)).isTrue();
    channel.remove("webhook");
    assertThat(isRefused(mutant)).isFalse();
  }
}
