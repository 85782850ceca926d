package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.RunnerException;
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
  void plainHttpNeedsARuleThatSaysItAndListsTheMethod() {
    EffectivePolicy plain =
        new PolicyFiles(temp)
            .user(
                "network: { allow: ["
                    + "{ id: a, hosts: [a.org], ports: [80], scheme: http },"
                    + "{ id: b, hosts: [b.org], ports: [80], scheme: http, methods: [POST] },"
                    + "{ id: c, hosts: [c.org], ports: [80], scheme: https } ],"
                    + " deny: [ { id: d, hosts: [d.b.org] } ] }\n");
    assertThat(allowed(plain, "a.org", "GET")).isTrue();
    assertThat(allowed(plain, "a.org", "HEAD")).isTrue();
    assertThat(allowed(plain, "a.org", "POST")).isFalse();
    assertThat(allowed(plain, "a.org", "")).isFalse();
    assertThat(allowed(plain, "b.org", "POST")).isTrue();
    assertThat(allowed(plain, "b.org", "GET")).isFalse();
    assertThat(allowed(plain, "c.org", "")).isTrue();
    assertThat(allowed(plain, "c.org", "GET")).isFalse();
  }

  private static boolean allowed(EffectivePolicy policy, String host, String method) {
    return policy
        .connect(host, 80, NetworkPhase.RUN, Optional.of(method).filter(m -> !m.isEmpty()))
        .allowed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ hosts: [a.org], ports: [80], methods: [GET] }",
        "{ hosts: [a.org], ports: [80], scheme: https, methods: [GET] }",
        "{ hosts: [a.org], ports: [80], scheme: http, methods: [] }",
        "{ hosts: [a.org], ports: [80], scheme: http, methods: [get] }",
        "{ hosts: [a.org], ports: [80], scheme: http, methods: [CONNECT] }",
        "{ hosts: [a.org], ports: [80], scheme: ftp }"
      })
  void aRuleOnPlainHttpThatSaysTwoThingsDoesNotLoad(String rule) {
    assertThatThrownBy(() -> new PolicyFiles(temp).user("network: { allow: [ " + rule + " ] }\n"))
        .isInstanceOf(RunnerException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limits: { sent: 0B }",
        "limits: { connections: 401 }",
        "limits: { what: 1 }",
        "upstream: {}",
        "upstream: { proxy: \"https://p:1\" }",
        "upstream: { proxy: \"http://p\" }",
        "upstream: { proxy: \"http://u:p@p:1\" }",
        "upstream: { proxy: \"http://p:1\", credentials: relative }"
      })
  void limitsAndAnUpstreamThatCannotBeDoNotLoad(String text) {
    assertThatThrownBy(() -> new PolicyFiles(temp).user("network: { " + text + " }\n"))
        .isInstanceOf(RunnerException.class);
  }

  @Test
  void aWorkspaceNarrowsLimitsAndClosesNothingByIt() {
    EffectivePolicy both =
        new PolicyFiles(temp).user(POLICY, "network: { limits: { sent: 1MiB } }\n");
    assertThat(both.networkCaps().sent().bytes()).isEqualTo(1 << 20);
    assertThat(both.connect("api.example.org", 443, NetworkPhase.RUN).allowed()).isTrue();
    assertThatThrownBy(() ->
            new PolicyFiles(temp)
                .user(POLICY, "network: { upstream: { proxy: \"http://p.org:1\" } }\n"))
        .isInstanceOf(RunnerException.class);
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
