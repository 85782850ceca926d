package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Improvements;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import java.io.IOException;
import java.io.RandomAccessFile;
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
  private static final String CANARY = "canary-7f3a-of-the-host";

  @TempDir private Path temp;
  private Path workspace;
  private Path secret;

  @BeforeEach
  void makeWorkspace() throws IOException {
    workspace = Files.createDirectories(temp.resolve("ws"));
    Files.createDirectories(workspace.resolve(".tars/improvements/x.files"));
    secret = Files.writeString(temp.resolve("secret.yaml"), CANARY + ": [unclosed\n");
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

  /** What stands in the place of a file. */
  enum Planted {
    LINK,
    LINKED_DIRECTORY,
    LINKED_TARS,
    PIPE,
    DEVICE,
    DIRECTORY,
    HUGE,
    SPARSE;

    void plant(Path file, Path secret) throws Exception {
      Path dir = file.getParent();
      Path elsewhere = Files.createDirectories(secret.resolveSibling("elsewhere"));
      switch (this) {
        case LINK -> link(file, secret);
        case LINKED_DIRECTORY -> {
          Files.copy(secret, elsewhere.resolve(file.getFileName()));
          remove(dir);
          Files.createSymbolicLink(dir, elsewhere);
        }
        case LINKED_TARS -> {
          Path tars = dir.endsWith(".tars") ? dir : dir.getParent();
          Path there = Files.createDirectories(elsewhere.resolve(tars.relativize(dir).toString()));
          Files.copy(secret, there.resolve(file.getFileName()));
          remove(tars);
          Files.createSymbolicLink(tars, elsewhere);
        }
        case PIPE -> {
          Files.delete(file);
          assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
        }
        case DEVICE -> link(file, Path.of("/dev/zero"));
        case DIRECTORY -> {
          Files.delete(file);
          Files.createDirectory(file);
        }
        case HUGE -> Files.write(file, new byte[40 << 20]);
        case SPARSE -> {
          try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
          }
        }
      }
    }

    private static void link(Path file, Path target) throws IOException {
      Files.delete(file);
      Files.createSymbolicLink(file, target);
    }

    private static void remove(Path directory) throws IOException {
      try (var all = Files.walk(directory)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingInThePlaceOfAPlanIsRead(Planted planted) throws Exception {
    Path file = workspace.resolve(".tars/improvements/x.yaml");
    planted.plant(file, secret);
    refused(() -> improvements().plan("x"));
    refused(() -> improvements().plan(file));
    improvements().list().forEach(e -> assertThat(e.title()).doesNotContain(CANARY));
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
              assertThat(e.getMessage() + e.where() + e.notes() + e.help()).doesNotContain(CANARY);
            });
  }

  private Improvements improvements() {
    return new Improvements(workspace);
  }

  private PolicyLoader policies() {
    return new PolicyLoader(new PolicySources(workspace, temp, Map.of(), temp.resolve("home")));
  }
}
