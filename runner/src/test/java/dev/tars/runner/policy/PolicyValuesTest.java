package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.policy.keys.Keys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyValuesTest {
  @TempDir private Path temp;
  private PolicyFiles files;

  @BeforeEach
  void make() {
    files = new PolicyFiles(temp);
  }

  @Test
  void aNumberIsDecidedByTheInnermostLayerThatChooses() {
    EffectivePolicy policy =
        files.user(
            "resources:\n  memory: { default: 1GiB, max: 4GiB }\n  pids: 100\n",
            "resources:\n  memory: 1536MiB\n");
    PolicyValue memory = value(policy, "resources.memory");
    assertThat(memory.value()).isEqualTo("1536MiB");
    assertThat(memory.enforcedBy()).isEqualTo("the engine, for every box");
    assertThat(memory.origins())
        .extracting(o -> o.layer() + " " + o.at().line() + " " + o.value() + " " + o.decides())
        .containsExactly("user 5 1GiB false", "user 5 4GiB false", "workspace 5 1536MiB true");
    assertThat(value(policy, "resources.pids").value()).isEqualTo("100");
    assertThat(value(policy, "resources.cpus").origins()).isEmpty();
    assertThat(value(policy, "resources.cpus").value()).isEqualTo("2");
    assertThat(value(policy, "runtime.tmp").value()).isEqualTo("512MiB");
  }

  @Test
  void aWordIsDecidedByEveryLayerThatSaysWhatHolds() {
    EffectivePolicy policy =
        files.user("promotion: { requireBase: paths }\n", "promotion: { requireBase: tree }\n");
    PolicyValue base = value(policy, "promotion.requireBase");
    assertThat(base.value()).isEqualTo("tree");
    assertThat(base.origins())
        .extracting(o -> o.layer() + " " + o.decides())
        .containsExactly("user false", "workspace true");
  }

  @Test
  void whatALaterFileReplacesIsShownAndDoesNotDecide() {
    EffectivePolicy policy =
        files.user("extends: [{ ref: \"builtin:standard\" }]\nresources: { pids: 77 }\n");
    assertThat(value(policy, "resources.pids").value()).isEqualTo("77");
    PolicyValue count = value(policy, "promotion.backup");
    assertThat(count.origins())
        .singleElement()
        .satisfies(o -> assertThat(o.at().file()).isEqualTo("builtin:standard"));
  }

  @Test
  void aRuleIsListedByItsIdWithItsPlace() {
    EffectivePolicy policy =
        files.user("filesystem:\n  write:\n    - { id: mine, paths: [\"src/**\"] }\n");
    PolicyValue rule = value(policy, "filesystem.write[mine]");
    assertThat(rule.value()).contains("src/**");
    assertThat(rule.origins()).singleElement().satisfies(o -> assertThat(o.decides()).isTrue());
    assertThat(rule.origins().getFirst().at().toString()).endsWith("policy.yaml:6:7");
  }

  @Test
  void ofEveryKeyItIsKnownWhatEnforcesIt() {
    List<String> unknown = new ArrayList<>();
    JsonNode schema = JsonSchemas.policy();
    for (String key : JsonSchemas.keys(schema)) {
      if (Keys.enforcedBy(key.replace("[]", "[x]")).isEmpty()) {
        unknown.add(key);
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(Keys.enforcedBy("filesystemx.write")).isEmpty();
  }

  private static PolicyValue value(EffectivePolicy policy, String name) {
    return policy.values().stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
  }
}
