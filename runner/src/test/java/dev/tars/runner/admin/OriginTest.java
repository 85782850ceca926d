package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds can be traced to the line of the file that says it. */
class OriginTest {
  private static final String BODY =
      """
      filesystem:
        write: [{ id: w, paths: ["**"] }]
        scratch: [{ id: s, paths: ["out/**"] }]
        symlinks: { create: ask }
        limits:
          filesChanged: 5
      files:
        secretScan: { effect: deny }
      resources:
        memory: 1GiB
      """;

  @TempDir private Path temp;

  private String decidedAt(EffectivePolicy policy, Request request) {
    Decision decision = new Decider(policy).decide(request);
    return decision.deciding().rule()
        + " "
        + decision.deciding().layer()
        + " "
        + decision.deciding().at().file()
        + ":"
        + decision.deciding().at().line();
  }

  @Test
  void decisionsOnLimitsAndContentAndScratchNameTheLine() {
    EffectivePolicy policy = new ToolBench(temp).policy(BODY);
    assertThat(decidedAt(policy, new Request.Limit("filesChanged", 6)))
        .isEqualTo("filesystem.limits.filesChanged user policy:9");
    RelativePath path = RelativePath.of("a");
    assertThat(decidedAt(policy, new Request.Content(path, "secrets")))
        .isEqualTo("files.secretScan.effect user policy:11");
    assertThat(decidedAt(policy, new Request.Content(path, "symlinks")))
        .isEqualTo("filesystem.symlinks.create user policy:7");
    assertThat(decidedAt(policy, new Request.Scratch(RelativePath.of("out/a"))))
        .isEqualTo("s user policy:6");
    assertThat(decidedAt(policy, new Request.Limit("depth", 900)))
        .startsWith("filesystem.limits.depth policy hard-limits");
  }

  @Test
  void everyValueThatIsShownHasItsPlaceAndWhatHoldsARunToIt() {
    JsonNode shown = new EffectiveValues(new ToolBench(temp).policy(BODY)).json();
    int placed = 0;
    for (JsonNode value : shown.path("values")) {
      assertThat(value.path("enforced").asText()).isNotEqualTo("nothing");
      placed += value.path("origins").isEmpty() ? 0 : 1;
    }
    assertThat(placed).isEqualTo(4);
    for (JsonNode rule : shown.path("rules")) {
      assertThat(rule.path("origins").path(0).path("file").asText()).isEqualTo("policy");
      assertThat(rule.path("enforced").asText()).isNotEqualTo("nothing");
    }
    assertThat(shown.path("rules")).hasSize(2);
    assertThat(new EffectiveValues(new ToolBench(temp).policy(BODY)).lines())
        .contains("  * user, policy:13:11");
  }

  @Test
  void whatIsReplacedIsShownAndDoesNotDecide() {
    EffectivePolicy policy =
        new ToolBench(temp)
            .policy(
                "extends: [{ ref: \"builtin:standard\" }]\napproval: { count: 2, expires: 24h }\n");
    JsonNode count = null;
    for (JsonNode value : new EffectiveValues(policy).json().path("values")) {
      count = value.path("key").asText().equals("approval.count") ? value : count;
    }
    assertThat(count).isNotNull();
    assertThat(count.path("origins").findValuesAsText("decides")).containsExactly("false", "true");
    assertThat(policy.origin("approval.expires"))
        .hasValueSatisfying(o -> assertThat(o.at().toString()).startsWith("policy:5:"));
  }
}
