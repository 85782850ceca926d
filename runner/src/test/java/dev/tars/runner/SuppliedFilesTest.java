package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Improvements;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a repository puts in the place of a file that tarscli reads on the host: it gets nothing
 * from elsewhere, and nothing waits or fills the memory. Each place has a control that loads.
 */
class SuppliedFilesTest {
  @TempDir private Path temp;
  private Path workspace;
  private Path secret;

  @BeforeEach
  void makeWorkspace() throws IOException {
    workspace = Files.createDirectories(temp.resolve("ws"));
    Files.createDirectories(workspace.resolve(".tars/improvements/x.files"));
    secret = Files.writeString(temp.resolve("secret.yaml"), Planted.CANARY + ": [unclosed\n");
    Files.writeString(workspace.resolve(".tars/improvements/x.yaml"), plan("x"));
    Files.writeString(workspace.resolve(".tars/policy.yaml"), POLICY);
  }

  private static final String POLICY =
      """
      apiVersion: tars.dev/policy/v1
      kind: PermissionPolicy
      metadata: { name: ours }
      """;

  private static String plan(String id) {
    return """
    apiVersion: tars.dev/improvement/v1
    kind: Improvement
    metadata: { id: %s, title: t }
    steps:
      - { id: c, type: CommandExecution, action: { argv: ["true"] } }
    """
        .formatted(id);
  }

  @Test
  void theControlLoads() {
    assertThat(improvements().plan("x").id()).isEqualTo("x");
    assertThat(improvements().plan(workspace.resolve(".tars/improvements/x.yaml")).id())
        .isEqualTo("x");
    assertThat(policies().load(Optional.of("builtin:standard"))).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void nothingInThePlaceOfAPlanIsRead(Planted planted) throws Exception {
    Path file = workspace.resolve(".tars/improvements/x.yaml");
    planted.plant(file, secret);
    refused(() -> improvements().plan("x"));
    refused(() -> improvements().plan(file));
    improvements().list().forEach(e -> assertThat(e.title()).doesNotContain(Planted.CANARY));
  }

  @ParameterizedTest
  @EnumSource
  void aPlanIsTheWorkspacesByWhateverNameItIsReached(Planted planted) throws Exception {
    Path alias = Files.createSymbolicLink(temp.resolve("alias"), workspace);
    planted.plant(workspace.resolve(".tars/improvements/x.yaml"), secret);
    refused(() -> improvements().plan(alias.resolve(".tars/improvements/x.yaml")));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LINKED_TARS", "SPARSE"},
      mode = EnumSource.Mode.EXCLUDE)
  void nothingInThePlaceOfContentBesideAPlanIsRead(Planted planted) throws Exception {
    Path file = workspace.resolve(".tars/improvements/x.files/1.bin");
    Files.writeString(file, "content");
    String sha = dev.tars.runner.model.Digest.of(Files.readAllBytes(secret)).hex();
    Files.writeString(
        workspace.resolve(".tars/improvements/x.yaml"),
        """
        apiVersion: tars.dev/improvement/v1
        kind: Improvement
        metadata: { id: x, title: t }
        steps:
          - id: c
            type: FileCreation
            action: { file: stolen, contentFrom: x.files/1.bin, sha256: %s }
        """
            .formatted(sha));
    planted.plant(file, secret);
    refused(() -> improvements().plan("x"));
  }

  @ParameterizedTest
  @EnumSource
  void nothingInThePlaceOfTheWorkspacesPolicyIsRead(Planted planted) throws Exception {
    planted.plant(workspace.resolve(".tars/policy.yaml"), secret);
    refused(() -> policies().load(Optional.of("builtin:standard")));
  }

  @Test
  void aFileThatSaysThatItIsAnotherImprovementIsRefused() throws IOException {
    Files.writeString(workspace.resolve(".tars/improvements/harmless.yaml"), plan("fix-security"));
    assertThatThrownBy(() -> improvements().plan("harmless"))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.PLAN_INVALID);
              assertThat(e).hasMessageContaining("fix-security");
            });
    assertThat(improvements().list())
        .filteredOn(e -> e.id().equals("harmless"))
        .singleElement()
        .satisfies(e -> assertThat(e.title()).contains("invalid"));
  }

  private void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable load) {
    Assertions.assertThatCode(() ->
            org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), load::call))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code())
                  .isIn(
                      FailureCode.PLAN_INVALID, FailureCode.POLICY_INVALID, FailureCode.NOT_FOUND);
              assertThat(e.getMessage() + e.where() + e.notes() + e.help())
                  .doesNotContain(Planted.CANARY);
            });
  }

  private Improvements improvements() {
    return new Improvements(workspace);
  }

  private PolicyLoader policies() {
    return new PolicyLoader(new PolicySources(workspace, temp, Map.of(), temp.resolve("home")));
  }
}
