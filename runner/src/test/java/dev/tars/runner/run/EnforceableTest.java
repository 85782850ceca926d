package dev.tars.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What loads and cannot be held stops a run before anything happens, and says so. */
class EnforceableTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "network: { allow: [ { id: api, hosts: [api.example.org], ports: [443] } ] }|network",
        "evidence: { attestation: { format: in-toto, sign: key } }|attestation"
      })
  void whatCannotBeHeldStopsTheRun(String body, String named) {
    EffectivePolicy policy = policy(body);
    assertThatThrownBy(() -> Enforceable.require(policy))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.POLICY_UNSUPPORTED);
              assertThat(e.getMessage()).contains(named);
              assertThat(String.join(" ", e.notes())).contains("nothing has run");
              assertThat(e.help()).isNotBlank();
            });
  }

  @Test
  void aDenialOfTheNetworkIsHeld() {
    EffectivePolicy policy =
        policy(
            "network: { default: deny, deny: [ { id: m, cidrs: [169.254.0.0/16] } ] }\n"
                + "explain: { toAgents: rule-id, toPeople: rule-id }\nevidence: { reports: [json] }\n"
                + "promotion: { target: patch-file }\n");
    assertThatCode(() -> Enforceable.require(policy)).doesNotThrowAnyException();
    assertThat(policy.evidence().reports()).containsExactly("json");
  }

  private EffectivePolicy policy(String body) {
    String text = "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\n" + body;
    return PolicyLoader.unenforced(new PolicySources(temp, temp, Map.of(), temp))
        .alone(text.getBytes(StandardCharsets.UTF_8), "policy.yaml", Optional.empty());
  }
}
