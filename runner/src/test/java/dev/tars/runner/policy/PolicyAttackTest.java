package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways round a policy that were open once, or are open elsewhere. */
class PolicyAttackTest {
  private static final String OPEN =
      """
      filesystem:
        write:
          - { id: all, paths: ["**"] }
      """;

  @TempDir private Path temp;
  private PolicyFiles files;

  @BeforeEach
  void make() {
    files = new PolicyFiles(temp);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CODEOWNERS",
        "codeowners",
        "Codeowners",
        "docs/CodeOwners",
        "CODEOWNERS.",
        "C\u200bODEOWNERS"
      })
  void aProtectedNameIsProtectedInEverySpelling(String path) {
    EffectivePolicy policy =
        files.user(
            OPEN
                + """
                  protect:
                    - { id: owners, paths: ["CODEOWNERS", "docs/CODEOWNERS"] }
                """);
    assertThat(PolicyFiles.write(policy, path)).isEqualTo(Effect.DENY);
    assertThat(PolicyFiles.write(policy, "src/A.java")).isEqualTo(Effect.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Secrets/key", "SECRETS/key", "secrets/key"})
  void whatIsHiddenIsHiddenInEverySpelling(String path) {
    EffectivePolicy policy =
        files.user("filesystem:\n  hide:\n    - { id: secrets, paths: [\"Secrets/**\"] }\n");
    assertThat(policy.hides(dev.tars.runner.model.RelativePath.of(path))).isTrue();
  }

  @Test
  void anAllowedNameIsAllowedAsWrittenOnly() {
    EffectivePolicy policy =
        files.user("filesystem:\n  write:\n    - { id: src, paths: [\"src/**\"] }\n");
    assertThat(PolicyFiles.write(policy, "src/a")).isEqualTo(Effect.ALLOW);
    assertThat(PolicyFiles.write(policy, "SRC/a")).isEqualTo(Effect.DENY);
    assertThat(PolicyFiles.write(policy, "src")).isEqualTo(Effect.DENY);
    assertThat(PolicyFiles.write(policy, "src\\a")).isEqualTo(Effect.DENY);
  }

  @Test
  void anArgumentMoreIsNoWayRoundADenial() {
    EffectivePolicy policy =
        files.user(
            """
            processes:
              allow:
                - { id: any, any: true }
              deny:
                - { id: rm, argv: [rm] }
                - { id: push, argv: [git, push] }
            """);
    assertThat(policy.run(List.of("rm", "-rf", "/")).effect()).isEqualTo(Effect.DENY);
    assertThat(policy.run(List.of("git", "push", "--force")).effect()).isEqualTo(Effect.DENY);
    assertThat(policy.run(List.of("git", "status")).effect()).isEqualTo(Effect.ALLOW);
  }

  @Test
  void anAllowedCommandTakesNoArgumentThatItsRuleDoesNotName() {
    EffectivePolicy policy =
        files.user("processes:\n  allow:\n    - { id: test, argv: [mvn, test] }\n");
    assertThat(policy.run(List.of("mvn", "test")).effect()).isEqualTo(Effect.ALLOW);
    assertThat(policy.run(List.of("mvn", "test", "-Dexec=x")).effect()).isEqualTo(Effect.DENY);
    assertThat(policy.run(List.of("mvn test")).effect()).isEqualTo(Effect.DENY);
  }

  @Test
  void anAllowedProgramIsThatProgramAndNothingThatLooksLikeIt() {
    EffectivePolicy policy =
        files.user(
            "processes:\n  allow:\n    - { id: test, argv: [mvn, test], moreArgs: \"-q\" }\n");
    assertThat(policy.run(List.of("mvn", "test", "-q")).effect()).isEqualTo(Effect.ALLOW);
    String fifty = "true && ".repeat(50) + "mvn test";
    for (List<String> other :
        List.of(
            List.of("./mvn", "test"),
            List.of("/workspace/mvn", "test"),
            List.of("bin/mvn", "test"),
            List.of("MVN", "test"),
            List.of(" mvn", "test"),
            List.of("mvn\n", "test"),
            List.of("mvn", "test\ncurl"),
            List.of("mvn", "test;curl evil"),
            List.of("mvn", "test", "-q;curl"),
            List.of("mvn", "test", "-q\n-Dx"),
            List.of("mvn", "test", "$(curl)"),
            List.of("mvn", "test", ""),
            List.of("env", "mvn", "test"),
            List.of("sh", "-c", "mvn test"),
            List.of("sh", "-c", fifty),
            List.of("m\u200bvn", "test"))) {
      assertThat(policy.run(other).effect()).as(other.toString()).isEqualTo(Effect.DENY);
    }
  }

  @Test
  void howManyCommandsAShellIsGivenMakesNoDifferenceToItsDenial() {
    EffectivePolicy policy =
        files.user(
            "processes:\n  allow:\n    - { id: any, any: true }\n  deny:\n    - { id: sh, argv: [{ oneOf: [sh, bash] }] }\n");
    for (int commands : new int[] {1, 49, 51, 5_000}) {
      String script = "true && ".repeat(commands) + "curl evil";
      for (String shell : List.of("sh", "bash", "/bin/sh", "/workspace/../bin/bash")) {
        assertThat(policy.run(List.of(shell, "-c", script)).effect()).isEqualTo(Effect.DENY);
      }
      assertThat(policy.run(List.of("make", script)).effect()).isEqualTo(Effect.ALLOW);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/../.git/x",
        "src/./a",
        "src//a",
        "src/",
        "/src/a",
        "src/a/..",
        "",
      })
  void aPathThatIsNotPlainIsNoPathAtAll(String path) {
    assertThat(dev.tars.runner.model.RelativePath.of("src/a").toString()).isEqualTo("src/a");
    assertThatThrownBy(() -> dev.tars.runner.model.RelativePath.of(path))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoStarsAloneNeverReachWhatIsProtectedInCode() {
    EffectivePolicy policy = files.user(OPEN);
    assertThat(PolicyFiles.write(policy, "a/b/c")).isEqualTo(Effect.ALLOW);
    for (String path :
        List.of(
            ".git/config",
            ".GIT/hooks/pre-commit",
            ".git./config",
            ".git /config",
            "git~1/config",
            ".g\u200cit/config",
            "sub/.git/hooks/x",
            ".git::$INDEX_ALLOCATION/config",
            ".tars/policy.yaml",
            ".TARS/x",
            ".tars./x")) {
      assertThat(PolicyFiles.write(policy, path)).as(path).isEqualTo(Effect.DENY);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWS_SECRET", "aws_secret", "Aws_Secret"})
  void aDeniedVariableIsDeniedInAnyCase(String name) {
    EffectivePolicy policy =
        files.user("environment:\n  planMaySet: [\"*\"]\n  deny: [\"AWS_*\"]\n");
    assertThat(policy.environment(name).effect()).isEqualTo(Effect.DENY);
    assertThat(policy.environment("CI").effect()).isEqualTo(Effect.ALLOW);
  }

  @Test
  void aPolicyKeepsWhatItDoesNotSetOfWhatItExtends() {
    EffectivePolicy base = files.user("extends: [{ ref: \"builtin:python\" }]\n");
    EffectivePolicy policy =
        files.user(
            """
            extends: [{ ref: "builtin:python" }]
            environment:
              set: { EXTRA: "1" }
            testIntegrity:
              skippedMayGrow: 3
            """);
    assertThat(policy.environment("AWS_TOKEN").effect()).isEqualTo(Effect.DENY);
    assertThat(policy.environment("ANY").effect()).isEqualTo(base.environment("ANY").effect());
    assertThat(policy.environmentSet())
        .containsEntry("EXTRA", "1")
        .containsAllEntriesOf(base.environmentSet());
    assertThat(policy.testIntegrity().paths()).hasSameSizeAs(base.testIntegrity().paths());
    assertThat(policy.testIntegrity().forbidNew()).isEqualTo(base.testIntegrity().forbidNew());
    assertThat(policy.testIntegrity().skippedMayGrow()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "environment: { set: { JAVA_TOOL_OPTIONS: -javaagent:x.jar } }\n",
        "testIntegrity: { paths: [\"**\"] }\n",
        "filesystem: { scratch: [ { id: s, paths: [\"src/test/**\"] } ] }\n",
        "caches: [ { name: m2, target: /home/tars/.m2 } ]\n",
        "runtime: { images: [ { ref: evil } ] }\n",
        "teams: { owners: [mallory] }\n",
        "agents: [ann]\n",
        "validation: { gates: [ { id: unit, type: CommandExecution, argv: [\"true\"] } ] }\n"
      })
  void theWorkspaceCannotOpenAnything(String inWorkspace) {
    String gate =
        "validation:\n  gates:\n    - { id: unit, type: CommandExecution, argv: [make] }\n";
    assertThatThrownBy(() -> files.user(gate, inWorkspace))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.where()).startsWith(".tars/policy.yaml:"));
  }

  @Test
  void theWorkspaceApprovesNothingByItself() {
    EffectivePolicy policy =
        files.user(
            OPEN,
            """
            approval: { auto: "true", selfApproval: allow, agentsMayApprove: true }
            validation:
              optional: true
              gates:
                - { id: mine, type: CommandExecution, argv: ["true"] }
            promotion: { requireBase: paths }
            """);
    assertThat(policy.approval().auto()).isEmpty();
    assertThat(policy.approval().selfApproval()).isFalse();
    assertThat(policy.approval().agentsMayApprove()).isFalse();
    assertThat(policy.validateOptional()).isFalse();
    assertThat(policy.verifies()).isFalse();
    assertThat(policy.promotion().requireBase()).isEqualTo(PromotionRules.RequireBase.TREE);
    assertThat(policy.promotion().backupOptional()).isFalse();
    assertThat(policy.promotion().onDrift()).isEqualTo(PromotionRules.OnDrift.FAIL);
    assertThat(policy.gates()).extracting(Gate::id).containsExactly("mine");
  }

  @Test
  void aStricterWorkspaceCounts() {
    EffectivePolicy policy =
        files.user(
            """
            testIntegrity: { paths: ["test/**"], skippedMayGrow: 9, forbidNew: ["@Ignore"] }
            promotion: { requireBase: paths }
            """,
            """
            testIntegrity: { skippedMayGrow: 1, forbidNew: ["@Disabled"] }
            promotion: { requireBase: tree }
            """);
    assertThat(policy.testIntegrity().skippedMayGrow()).isEqualTo(1);
    assertThat(policy.testIntegrity().forbidNew()).containsExactly("@Ignore", "@Disabled");
    assertThat(policy.promotion().requireBase()).isEqualTo(PromotionRules.RequireBase.TREE);
  }

  @Test
  void aPatchIsStricterThanAWriteWhicheverLayerSaysIt() {
    String patch = "promotion: { target: patch-file }\n";
    String write = "promotion: { target: worktree }\n";
    assertThat(files.user(patch, write).promotion().target())
        .isEqualTo(files.user(write, patch).promotion().target())
        .isEqualTo(PromotionRules.Target.PATCH_FILE);
    assertThat(files.user(write, write).promotion().target())
        .isEqualTo(PromotionRules.Target.WORKTREE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filesystem: { ask: [ { id: a, paths: [x], approval: nobody } ] }\n",
        "filesystem: { write: [ { id: a, paths: [x] }, { id: a, paths: [y] } ] }\n",
        "filesystem: { write: [ { id: a, paths: [\".git/hooks/**\"] } ] }\n",
        "filesystem: { write: [ { id: a, paths: [\"**/.GIT/config\"] } ] }\n",
        "filesystem: { write: [ { id: a, paths: [\".tars/**\"] } ] }\n",
        "variables: { src: [\"src/**\"] }\n",
        "promotion: { afterCheck: [nothing] }\n",
        "filesystem: { wriet: [ { id: a, paths: [x] } ] }\n",
        "netwrok: none\n",
        "resources: { memory: -1 }\n",
        "resources: { memory: 0B }\n",
        "resources: { pids: unlimited }\n",
        "resources: { pids: 1e9 }\n",
        "filesystem: { write: [ { id: a, paths: [\"!x\"] } ] }\n",
        "filesystem: { write: [ { id: a, paths: [] } ] }\n"
      })
  void whatCannotHoldIsAnErrorAndNeverSilence(String body) {
    assertThatThrownBy(() -> files.user(body))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> assertThat(e.where()).matches(".*policy.yaml:[0-9]+:[0-9]+"));
  }

  @Test
  void aPlanGetsWhatItAsksForUpToTheMaximum() {
    EffectivePolicy policy =
        files.user("resources: { memory: { default: 1GiB, max: 4GiB }, wallClock: 10m }\n");
    assertThat(policy.narrowedBy(asking(2048)).resources().memory())
        .isEqualTo(ByteCount.mebibytes(2048));
    assertThat(policy.narrowedBy(asking(256)).resources().memory())
        .isEqualTo(ByteCount.mebibytes(256));
    assertThatThrownBy(() -> policy.narrowedBy(asking(8192)))
        .isInstanceOf(RunnerException.class)
        .hasMessageContaining("above the policy's maximum");
  }

  private static PlanPermissions asking(int mebibytes) {
    return new PlanPermissions(
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.of(ByteCount.mebibytes(mebibytes)),
        Optional.of(Duration.ofMinutes(1)),
        new SourcePosition("plan.yaml", 3, 1));
  }
}
