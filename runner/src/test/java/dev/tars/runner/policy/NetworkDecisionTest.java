package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.net.NetworkPhase;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkDecisionTest {
  private static final String POLICY =
      """
      network:
        allow:
          - { id: api, hosts: [api.example.org, "*.one.example.org", "**.any.example.org"], ports: [443] }
          - { id: block, cidrs: [198.51.100.0/24, "2001:db8:1::/48"], ports: [443], phases: [run] }
        deny:
          - { id: meta, cidrs: [169.254.0.0/16], reason: metadata, fix: do without }
          - { id: half, cidrs: [198.51.100.128/25] }
          - { id: bad, hosts: [bad.any.example.org] }
      """;

  @TempDir private Path temp;
  private EffectivePolicy policy;

  @BeforeEach
  void load() {
    policy = new PolicyFiles(temp).user(POLICY);
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.org, ALLOW",
    "API.Example.ORG, ALLOW",
    "api.example.org., DENY",
    "api.example.org.., DENY",
    "example.org, DENY",
    "x.api.example.org, DENY",
    "apiXexample.org, DENY",
    "api.example.org.evil.test, DENY",
    "evilapi.example.org, DENY",
    "a.one.example.org, ALLOW",
    "a.b.one.example.org, DENY",
    "one.example.org, DENY",
    "aone.example.org, DENY",
    "a.any.example.org, ALLOW",
    "a.b.any.example.org, ALLOW",
    "any.example.org, DENY",
    "bad.any.example.org, DENY",
    "worse.bad.any.example.org, ALLOW",
    "198.51.100.1, ALLOW",
    "198.51.100.127, ALLOW",
    "198.51.100.128, DENY",
    "198.51.101.1, DENY",
    "2001:db8:1::7, ALLOW",
    "[2001:db8:1::7], ALLOW",
    "2001:db8:2::7, DENY",
    "::ffff:198.51.100.1, ALLOW",
    "::ffff:198.51.100.200, DENY",
    "64:ff9b::198.51.100.200, DENY",
    "2002:c633:64c8::1, DENY",
    "2001:0:1234:5678:0:fc9a:39cc:9b37, DENY",
    "2001:0:1234:5678:0:fc9a:39cc:9bfe, ALLOW"
  })
  void aHostIsAllowedAsItIsWritten(String host, Effect effect) {
    assertThat(policy.connect(host, 443, NetworkPhase.RUN).effect()).as(host).isEqualTo(effect);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "api.example.org@evil.test",
        "evil.example\u0000.api.example.org",
        "api.example.org%00",
        "api.example.org\r\n",
        "api.example.org\t",
        " api.example.org",
        "api.example.org/",
        "api.example.org:443",
        "аpi.example.org",
        "0xc6336401",
        "3325256705",
        "198.51.25601",
        "198.51.100.01",
        "198.51.0144.1",
        "198.51.100.1.",
        "198.51.100",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "127.0.0.1",
        "127.1",
        "0.0.0.0",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "fe80::1",
        "224.0.0.1",
        "255.255.255.255",
        "[api.example.org]",
        "[198.51.100.1]",
        "fe80::1%eth0",
        "1::2::3",
        ":::1",
        "metadata.google.internal"
      })
  void whatProgramsReadDifferentlyIsDenied(String host) {
    assertThat(policy.connect(host, 443, NetworkPhase.RUN).effect()).isEqualTo(Effect.DENY);
  }

  @Test
  void portsAndPhasesCount() {
    assertThat(policy.connect("api.example.org", 80, NetworkPhase.RUN).denied()).isTrue();
    for (int port : new int[] {-1, 0, 65_536, 1 << 20, 443 + 65_536}) {
      Decision decision = policy.connect("api.example.org", port, NetworkPhase.RUN);
      assertThat(decision.deciding().rule()).isEqualTo("hard.network");
    }
    assertThat(policy.connect("198.51.100.1", 443, NetworkPhase.PREPARE).denied()).isTrue();
    assertThat(policy.connect("api.example.org", 443, NetworkPhase.PREPARE).allowed()).isTrue();
  }

  @Test
  void aDecisionNamesItsRuleAndPlace() {
    RuleMatch rule = policy.connect("169.254.169.254", 80, NetworkPhase.RUN).deciding();
    assertThat(rule.rule()).isEqualTo("meta");
    assertThat(rule.reason()).isEqualTo("metadata");
    assertThat(rule.fix()).isEqualTo("do without");
    assertThat(rule.at().toString()).endsWith("policy.yaml:9:7");
    RuleMatch none = policy.connect("other.org", 443, NetworkPhase.RUN).deciding();
    assertThat(none.rule()).isEqualTo("network.default");
    assertThat(none.at().toString()).matches(".*policy.yaml:[45]:.*");
  }

  @Test
  void withoutASectionNothingIsReached() {
    EffectivePolicy silent = new PolicyFiles(temp).user("processes: { default: deny }\n");
    assertThat(silent.connect("api.example.org", 443, NetworkPhase.RUN).denied()).isTrue();
  }

  @Test
  void aPlanThatAsksForNoNetworkGetsNone() {
    PlanPermissions none =
        new PlanPermissions(
            Optional.empty(),
            Optional.empty(),
            true,
            Optional.empty(),
            Optional.empty(),
            new SourcePosition("plan.yaml", 3, 1));
    assertThat(
            policy
                .narrowedBy(none)
                .connect("api.example.org", 443, NetworkPhase.RUN)
                .deciding()
                .rule())
        .isEqualTo("permissions.network");
  }

  @Test
  void anInnerLayerOnlyNarrows() {
    EffectivePolicy both =
        new PolicyFiles(temp)
            .user(
                POLICY,
                "network: { allow: [ { id: more, hosts: [other.org, api.example.org], ports: [443] } ] }\n");
    assertThat(both.connect("other.org", 443, NetworkPhase.RUN).denied()).isTrue();
    assertThat(both.connect("a.one.example.org", 443, NetworkPhase.RUN).denied()).isTrue();
    assertThat(both.connect("api.example.org", 443, NetworkPhase.RUN).allowed()).isTrue();
  }
}
