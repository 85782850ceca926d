package dev.tars.runner.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Severity;
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
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TellingTest {
  private static final String AT = "2026-01-01T00:00:00Z";
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
    Origin.Explain kept = Telling.keep(policy);
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
    Origin origin = KeptDocument.origin(dir.id());
    Origin.PolicyTerms terms =
        new Origin.PolicyTerms(
            origin.policy().digest(), Telling.keep(policy("toAgents: rule-id")), List.of());
    RunContext context =
        RunContext.create(
            dir,
            new Origin(
                origin.id(),
                origin.improvement(),
                origin.place(),
                origin.options(),
                terms,
                origin.createdAt(),
                Optional.empty()),
            Clock.systemUTC(),
            event -> {});
    Evidence evidence =
        ContextCodec.read(JsonFields.of(KeptDocument.judged("CTX-1", "stale", AT))).evidence();
    Verdict passed = evidence.verdict().orElseThrow().verdict();
    Finding finding = new Finding("r", Severity.INFO, "", 0, SECRET.full(), SECRET.brief());
    context.event(new ContextEvent.GateEnded("g", GateResult.Result.FAILED, Duration.ZERO, SECRET));
    context.image("");
    context.base(evidence.base().orElseThrow());
    context.changed(evidence.changes().orElseThrow());
    context.judged(
        ContextCodec.judged(
            new Verdict(
                passed.result(), passed.changeSet(), List.of(), List.of(finding), List.of()),
            new TreeMap<>(),
            List.of()));
    Results.Advice full = new Results.Advice("policy:1", List.of(SECRET.full()), "help");
    Results.Advice brief = new Results.Advice("", List.of(SECRET.brief()), "help");
    context.failed(new Results.Failure(FailureCode.POLICY_DENIED, "no", full, brief));
    context.approvals(
        Optional.of(
            new Results.ApprovalsNeeded(
                1,
                0,
                List.of(SECRET),
                Optional.empty(),
                List.of(new Results.ApprovalRule("", 1, List.of("the reason's"), List.of(), 1)))));
    context.end(Ending.Failed.DENIED, 11, new Told("ask the reason's author", "run it again"));

    Contexts contexts = new Contexts(layout);
    String person = all(contexts.toldTo("alice"));
    String agent = all(contexts.toldTo("bot"));
    assertThat(person).contains("the reason", "the reason's author", "\"agents\":[\"bot\"]");
    assertThat(agent).contains("denied by r", "run it again").doesNotContain("the reason", "bot\"");
    assertThat(person + agent).doesNotContain("\"brief\"");
    assertThat(new String(dir.read("context.json"), UTF_8)).contains("the reason", "\"brief\"");
  }

  /** All that a reader gets, as records and as documents. */
  private static String all(Contexts contexts) throws Exception {
    StringBuilder all = new StringBuilder();
    List<ContextRecord> records = new ArrayList<>(contexts.all(damaged -> {}));
    records.add(contexts.record("last"));
    for (ContextRecord record : records) {
      all.append(record).append(ContextCodec.print(record));
    }
    contexts.events("last", 0, e -> all.append(e).append(EventCodec.print(e)));
    return all.append(contexts.verdict(contexts.dir("last"))).toString();
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
