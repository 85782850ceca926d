package dev.tars.runner.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TellingTest {
  private static final Told SECRET = new Told("denied by r: the reason", "denied by r");

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({
    "full, full, false, false",
    "full, rule-id, false, true",
    "rule-id, full, true, false",
    "rule-id, rule-id, true, true"
  })
  void eachKindOfReaderIsToldWhatThePolicySays(
      String people, String agents, boolean personBriefly, boolean agentBriefly) {
    EffectivePolicy policy = policy("toPeople: " + people + ", toAgents: " + agents);
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    kept.set("explain", Telling.keep(policy));
    assertThat(Telling.of(policy, "alice").isBrief()).isEqualTo(personBriefly);
    assertThat(Telling.of(policy, "bot").isBrief()).isEqualTo(agentBriefly);
    assertThat(Telling.of(kept, Optional.of("alice")).isBrief()).isEqualTo(personBriefly);
    assertThat(Telling.of(kept, Optional.of("bot")).isBrief()).isEqualTo(agentBriefly);
    assertThat(Telling.of(kept, Optional.empty()).isBrief()).isFalse();
  }

  @Test
  void theSameContextIsToldToEachReaderInTheOwnWay() throws Exception {
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    ContextDir dir = layout.newContext();
    ObjectNode facts = KeptDocument.facts();
    facts.set("explain", Telling.keep(policy("toAgents: rule-id")));
    RunContext context = RunContext.create(dir, facts, Clock.systemUTC(), event -> {});
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    SECRET.into(event, "reason");
    context.event("gate", event);
    context.edit().set("changeSet", KeptDocument.ended("", "", "").path("changeSet"));
    context.edit().put("baseDigest", "sha256:" + "0".repeat(64)).put("imageDigest", "");
    context.edit().putArray("steps");
    context.edit().set("verdict", KeptDocument.judged("", "", "").path("verdict"));
    ObjectNode finding = context.edit().withObject("verdict").withArray("findings").addObject();
    finding.put("rule", "r").put("severity", "info").put("path", "").put("line", 0);
    SECRET.into(finding, "message");
    dir.write("verdict.json", context.document().path("verdict").toString().getBytes(UTF_8));
    context.end(ContextState.DENIED, 11, new Told("ask the reason's author", "run it again"));

    Contexts contexts = new Contexts(layout, Clock.systemUTC());
    String person = all(contexts.toldTo("alice"));
    String agent = all(contexts.toldTo("bot"));
    assertThat(person).contains("the reason", "the reason's author", "\"agents\":[\"bot\"]");
    assertThat(agent).contains("denied by r", "run it again").doesNotContain("the reason", "bot\"");
    assertThat(person + agent).doesNotContain("brief");
    assertThat(all(contexts)).as("what is kept").contains("the reason", "brief");
  }

  private static String all(Contexts contexts) throws Exception {
    StringBuilder events = new StringBuilder();
    contexts.events("last", 0, events::append);
    return new ObjectMapper().writeValueAsString(contexts.document("last"))
        + contexts.all(damaged -> {})
        + events;
  }

  @Test
  void anErrorIsToldBriefly() {
    RunnerException error =
        RunnerException.of(FailureCode.POLICY_DENIED, "no")
            .at(new Told("policy.yaml:3:1", ""))
            .note(SECRET)
            .note(new Told("allow by another rule", ""))
            .note("nothing has run")
            .help(new Told("the author's fix", "change the plan"));
    RunnerException brief = error.briefly();
    assertThat(error.notes()).hasSize(3);
    assertThat(brief.notes()).containsExactly("denied by r", "nothing has run");
    assertThat(brief.where()).isEmpty();
    assertThat(brief.help()).isEqualTo("change the plan");
    assertThat(brief.code()).isEqualTo(FailureCode.POLICY_DENIED);
  }

  @Test
  void whatStoodThereBeforeIsNotToldInstead() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    SECRET.into(document, "next");
    Told.plain("run it again").into(document, "next");
    Told.settle(document, true);
    assertThat(document.path("next").asText()).isEqualTo("run it again");
  }

  @Test
  void aRuleIsNamedByItsIdOrElseByItsPlace() {
    SourcePosition at = new SourcePosition("policy.yaml", 7, 5);
    assertThat(new RuleMatch("own.id", "user", at, Effect.DENY, "why").told())
        .isEqualTo(new Told("own.id (user, policy.yaml:7:5): why", "own.id"));
    assertThat(new RuleMatch("filesystem.protect[0]", "user", at, Effect.DENY, "").told().brief())
        .isEqualTo("policy.yaml:7:5");
  }

  @Test
  void whatIsOnlyAboutThePolicyIsNotToldAtAll() {
    EffectivePolicy policy = policy("toAgents: rule-id");
    assertThatThrownBy(() -> Telling.of(policy, "bot").requireWhole("that", "CTX-1"))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.POLICY_DENIED));
    Telling.of(policy, "alice").requireWhole("that", "CTX-1");
  }

  private EffectivePolicy policy(String explain) {
    String text =
        "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nagents: [bot]\nexplain: { "
            + explain
            + " }\n";
    return PolicyLoader.unenforced(new PolicySources(temp, temp, Map.of(), temp))
        .alone(text.getBytes(StandardCharsets.UTF_8), "policy.yaml", Optional.empty());
  }
}
