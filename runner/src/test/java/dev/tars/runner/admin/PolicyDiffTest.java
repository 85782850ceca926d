package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways to widen a policy without saying so, and changes that are none. */
class PolicyDiffTest {
  @TempDir private Path temp;

  private String verdict(String before, String after) {
    ToolBench bench = new ToolBench(temp);
    PolicyDiff diff = PolicyDiff.of(bench.policy(unfold(before)), bench.policy(unfold(after)));
    return diff.verdict();
  }

  private static String unfold(String body) {
    return body.replace(" / ", "\n").replace("~", " ") + "\n";
  }

  private static final String FS = "filesystem: { write: [{ id: w, paths: ['**'] }], ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // a rule that takes away goes, or takes away less
        "protect: [{ id: p, paths: ['ci/**'] }] } | } | wider",
        "protect: [{ id: p, paths: ['ci/**'] }] } | protect: [{ id: p, paths: ['ci/*.yml'] }] } | wider",
        "protect: [{ id: p, paths: ['ci/**'] }] } | protect: [{ id: p, paths: ['ci/**'], except: ['ci/a/b.txt'] }] } | wider",
        "protect: [{ id: p, paths: ['**/*.key'] }] } | protect: [{ id: p, paths: ['**/*.key'], except: ['test/**'] }] } | wider",
        "protect: [{ id: p, paths: ['a', 'b'] }] } | protect: [{ id: p, paths: ['a'] }] } | wider",
        "protect: [{ id: p, paths: ['{a,b}/**'] }] } | protect: [{ id: p, paths: ['a/**'] }] } | wider",
        "protect: [{ id: p, paths: ['x[0-9].txt'] }] } | protect: [{ id: p, paths: ['x[0-8].txt'] }] } | wider",
        "protect: [{ id: p, paths: ['ci/**'] }] } | ask: [{ id: p, paths: ['ci/**'] }] } | wider",
        "ask: [{ id: p, paths: ['ci/**'] }] } | } | wider",
        "ask: [{ id: p, paths: ['ci/**'], operations: [modify, delete] }] } | ask: [{ id: p, paths: ['ci/**'], operations: [modify] }] } | wider",
        "hide: [{ id: h, paths: ['.env'] }] } | } | wider",
        // and the other way round
        "} | protect: [{ id: p, paths: ['ci/**'] }] } | narrower",
        "} | hide: [{ id: h, paths: ['.env'] }] } | narrower",
        "protect: [{ id: p, paths: ['a/**'] }] } | protect: [{ id: p, paths: ['b/**'] }] } | both",
        // changes that are none
        "protect: [{ id: p, paths: ['a/**', 'b/**'] }] } | protect: [{ id: q, paths: ['b/**'] }, { id: p, paths: ['a/**'] }] } | equal",
        "protect: [{ id: p, paths: ['{a,b}/**'] }] } | protect: [{ id: p, paths: ['a/**', 'b/**'] }] } | equal",
        "protect: [{ id: p, paths: ['a/**'] }] } | protect: [{ id: p, paths: ['a/**'], reason: why }] } | equal",
      })
  void rulesOnPaths(String before, String after, String expected) {
    assertThat(verdict(FS + before, FS + after)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "processes: { allow: [{ id: a, argv: [mvn, test] }] } | processes: { allow: [{ id: a, argv: [mvn, { oneOf: [test, deploy] }] }] } | wider",
        "processes: { allow: [{ id: a, argv: [mvn, test] }] } | processes: { allow: [{ id: a, argv: [mvn] , moreArgs: '.*' }] } | wider",
        "processes: { allow: [{ id: a, argv: [mvn, test] }] } | processes: { allow: [{ id: a, argv: [mvn, test], moreArgs: '-D.*' }] } | wider",
        "processes: { allow: [{ id: a, any: true }], deny: [{ id: d, argv: [git, push] }] } | processes: { allow: [{ id: a, any: true }] } | wider",
        "processes: { allow: [{ id: a, any: true }] } | processes: { allow: [{ id: a, argv: [mvn] }] } | narrower",
        "environment: { planMaySet: ['TEST_*'], deny: ['*TOKEN*'] } | environment: { planMaySet: ['TEST_*'] } | wider",
        "environment: { planMaySet: ['TEST_A'] } | environment: { planMaySet: ['TEST_*'] } | wider",
        "network: { allow: [{ id: n, hosts: ['a.example'], ports: [443] }] } | network: { allow: [{ id: n, hosts: ['a.example', '*.a.example'], ports: [443] }] } | wider",
        "network: { allow: [{ id: n, hosts: ['a.example'], ports: [443] }] } | network: { allow: [{ id: n, hosts: ['a.example'], ports: [443, 22] }] } | wider",
        "network: { allow: [{ id: n, hosts: ['**.a.example'], ports: [443] }], deny: [{ id: d, hosts: ['x.a.example'] }] } | network: { allow: [{ id: n, hosts: ['**.a.example'], ports: [443] }] } | wider",
        "resources: { memory: 1GiB } | resources: { memory: 2GiB } | wider",
        "resources: { memory: { default: 1GiB, max: 2GiB } } | resources: { memory: { default: 1GiB, max: 4GiB } } | wider",
        "resources: { wallClock: 5m } | resources: { wallClock: 4m } | narrower",
        "filesystem: { limits: { filesChanged: 5 } } | filesystem: { limits: { filesChanged: 6 } } | wider",
        "approval: { count: 2 } | approval: { count: 1 } | wider",
        "approval: { auto: 'false' } | approval: { auto: 'true' } | wider",
        "approval: { expires: 1h } | approval: { expires: 2h } | wider",
        "files: { secretScan: { effect: deny } } | files: { secretScan: { effect: ask } } | wider",
        "files: { contentMismatch: ask } | files: { contentMismatch: deny } | narrower",
        "validation: { gates: [{ id: g, type: Compilation, argv: [make] }] } | metadata2 | gone",
        "testIntegrity: { paths: ['t/**'], testsMayDisappear: 0 } | testIntegrity: { paths: ['t/**'], testsMayDisappear: 1 } | wider",
        "testIntegrity: { paths: ['t/**'], forbidNew: [skip] } | testIntegrity: { paths: ['t/**'] } | wider",
        "agents: [bot] | agents: [] | wider",
      })
  void everythingElse(String before, String after, String expected) {
    if (expected.equals("gone")) {
      assertThat(verdict(before, "")).isEqualTo("wider");
      return;
    }
    assertThat(verdict(before, after)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "notifications: { a: { file: a.jsonl } } | | narrower",
        "| notifications: { a: { file: a.jsonl } } | wider",
        "notifications: { a: { file: a.jsonl } } | notifications: { a: { file: b.jsonl } } | changed",
        "handlers: { a: [make] } | handlers: { a: [make, all] } | changed",
        "| handlers: { a: [make] } | wider",
        "retention: { runs: 1d } | retention: { runs: 2d } | changed",
        "retention: { maxDisk: 1GiB } | | changed",
        "evidence: { reports: [json, html] } | evidence: { reports: [json] } | wider",
        "evidence: { attestation: { format: in-toto, sign: key } } | | wider",
        "audit: { decisions: all } | audit: { decisions: denies } | wider",
        "audit: { redact: [abc] } | | changed",
        "explain: { toAgents: rule-id } | explain: { toAgents: full } | wider",
        "explain: { toAgents: full } | explain: { toAgents: rule-id } | narrower",
        "teams: { a: [ann] } | teams: { a: [ann, bob] } | wider",
        "teams: { a: [ann] } | teams: { a: [ann], b: [bob] } | equal",
        "approval: { rules: [{ id: r, when: 'change.linesRemoved > 4', require: { count: 1 } }] } | approval: { rules: [{ id: r, when: 'change.linesRemoved > 5', require: { count: 1 } }] } | changed",
        "approval: { rules: [{ id: r, require: { count: 1 } }] } | approval: { rules: [{ id: r, when: 'change.linesRemoved > 5', require: { count: 1 } }] } | wider",
        "approval: { rules: [{ id: r, require: { count: 1, from: [ann] } }] } | approval: { rules: [{ id: r, require: { count: 1, from: [ann, bob] } }] } | wider",
        "approval: { rules: [{ id: r, require: { count: 1 } }] } | approval: { rules: [{ id: r, require: { count: 1, from: [ann] } }] } | narrower",
        "promotion: { target: patch-file } | | wider",
        "promotion: { backup: always } | promotion: { backup: optional } | wider",
        "runtime: { seccomp: strict } | runtime: { seccomp: engine-default } | wider",
        "runtime: { runtime: runc } | runtime: { runtime: runsc } | changed",
        "caches: [{ name: m2, target: /opt/a }] | caches: [{ name: m2, target: /opt/b }] | changed",
        "requires: { tarscli: '>=1.0' } | | wider",
        "network: { deny: [{ id: n, hosts: [x.org] }] } | | wider",
        "filesystem: { scratch: [{ id: s, paths: ['out/**'] }] } | filesystem: { scratch: [{ id: s, paths: ['out/**', 'b/**'] }] } | changed",
        "processes: { allow: [{ id: a, argv: [mvn], moreArgs: '-D[a-z]+' }] } | processes: { allow: [{ id: a, argv: [mvn], moreArgs: '-D[a-z]*' }] } | changed",
        "metadata2 | tests: ['*.yaml'] | equal",
      })
  void whatNoRequestAsksFor(String before, String after, String expected) {
    String old = before == null || before.equals("metadata2") ? "" : before;
    assertThat(verdict(old, after == null ? "" : after)).isEqualTo(expected);
  }

  @Test
  void aGateThatChangesCountsAsWider() {
    ToolBench bench = new ToolBench(temp);
    PolicyDiff diff =
        PolicyDiff.of(
            bench.policy(
                "validation: { gates: [{ id: g, type: Compilation, argv: [make, test] }] }\n"),
            bench.policy(
                "validation: { gates: [{ id: g, type: Compilation, argv: [\"true\"] }] }\n"));
    assertThat(diff.widens()).isTrue();
  }

  @Test
  void everyDifferenceInDecisionsHasAnExampleThatFlips() {
    ToolBench bench = new ToolBench(temp);
    PolicyDiff diff =
        PolicyDiff.of(
            bench.policy(unfold(FS + "protect: [{ id: p, paths: ['ci/**'] }] }")),
            bench.policy(unfold(FS + "}")));
    assertThat(diff.differences().getFirst().subject()).isEqualTo("filesystem.protect[p]");
    Difference flip = diff.differences().getLast(); // what it means for requests comes last
    assertThat(flip.example()).startsWith("write ci");
    assertThat(flip.before().text()).isEqualTo("deny by p");
    assertThat(flip.before().at()).isEqualTo("policy:4:60");
    assertThat(flip.after().text()).isEqualTo("allow by w");
    List<String> lines = diff.lines();
    assertThat(lines.indexOf("requests that are decided otherwise:")).isGreaterThan(2);
    assertThat(lines).anyMatch(l -> l.startsWith("  wider     write ci"));
  }
}
