package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that need no workspace do not mind where they are called; the others say what to do. */
class AnywhereTest {
  private static final RelativePath FILE = RelativePath.of("a.txt");

  @TempDir private Path home;
  private Path state;

  @BeforeEach
  void makeHome() throws IOException {
    state = home.resolve(".local/state/tars");
    Path policy = Files.createDirectories(home.resolve(".config/tars")).resolve("policy.yaml");
    Files.writeString(
        policy,
        """
        apiVersion: tars.dev/policy/v1
        kind: PermissionPolicy
        metadata: { name: mine }
        extends: [{ ref: "builtin:standard" }]
        """);
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-------"));
    // A policy of a workspace counts where the command is called in one, and in no other place.
    Files.createDirectories(home.resolve(".tars"));
    Files.writeString(
        home.resolve(".tars/policy.yaml"),
        """
        apiVersion: tars.dev/policy/v1
        kind: PermissionPolicy
        metadata: { name: theirs }
        filesystem: { write: [{ id: none, effect: deny, paths: ["**"] }] }
        """);
  }

  enum Place {
    HOME("the state directory is inside the workspace"),
    ROOT("the state directory is inside the workspace"),
    STATE("the state directory is inside the workspace"),
    BELOW_STATE("the workspace is inside the state directory"),
    GONE("there is no workspace"),
    FILE("there is no workspace");

    private final String why;

    Place(String why) {
      this.why = why;
    }

    Path in(Path home, Path state) throws IOException {
      return switch (this) {
        case HOME -> home;
        case ROOT -> Path.of("/");
        case STATE -> Files.createDirectories(state);
        case BELOW_STATE -> Files.createDirectories(state).resolve("objects");
        case GONE -> home.resolve("gone");
        case FILE -> Files.writeString(home.resolve("file"), "");
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void theStateAndThePoliciesAreReadWithoutAWorkspace(Place place) throws IOException {
    try (SandboxRunner runner = open(place)) {
      assertThat(runner.contexts().ids()).isEmpty();
      assertThat(runner.caches().list()).isEmpty();
      assertThat(runner.banner()).isEmpty();
      EffectivePolicy policy = runner.policy(Optional.empty());
      assertThat(policy.layers()).containsExactly("user");
      assertThat(new Decider(policy).decide(new Request.Write(FILE, FileOperation.CREATE)).effect())
          .isEqualTo(Effect.ALLOW);
      assertThat(runner.read(policy, FILE).effect()).isEqualTo(Effect.ALLOW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatNeedsAWorkspaceSaysWhereToGo(Place place) throws IOException {
    try (SandboxRunner runner = open(place)) {
      assertThatThrownBy(() -> runner.plan("x", Optional.empty()))
          .isInstanceOfSatisfying(
              RunnerException.class,
              e -> {
                assertThat(e).hasMessageContaining(place.why);
                assertThat(e.help()).contains("workspace");
              });
    }
  }

  @Test
  void aPolicyBelowHomeIsNoPolicyInTheWorkspaceUnlessHomeIsOne() {
    RunnerSettings elsewhere = new RunnerSettings(home, home.resolveSibling("s"), env());
    try (SandboxRunner runner = SandboxRunner.open(elsewhere)) {
      assertThatThrownBy(() -> runner.policy(Optional.empty()))
          .isInstanceOfSatisfying(
              RunnerException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.POLICY_INVALID))
          .hasMessageContaining("it lies in the workspace");
    }
  }

  @Test
  void homeIsNamedWhereItIsTheWorkspace() {
    assertThatThrownBy(() -> SandboxRunner.open(settings(home)))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> assertThat(e.notes()).anyMatch(n -> n.contains("your home directory")));
    assertThat(state).doesNotExist();
  }

  @Test
  void askingAPolicyMakesNoStateDirectory() {
    try (SandboxRunner runner = SandboxRunner.anywhere(settings(home))) {
      assertThat(runner.policy(Optional.empty()).layers()).containsExactly("user");
    }
    assertThat(state).doesNotExist();
  }

  @Test
  void lookingAtAProjectMakesNothingOfIt() throws IOException {
    Path project = Files.createDirectory(home.resolve("project"));
    try (SandboxRunner runner = SandboxRunner.anywhere(settings(project))) {
      assertThat(runner.banner()).isEmpty();
      assertThat(state.resolve("workspaces")).isEmptyDirectory();
    }
  }

  private SandboxRunner open(Place place) throws IOException {
    return SandboxRunner.anywhere(settings(place.in(home, state)));
  }

  private RunnerSettings settings(Path workspace) {
    return RunnerSettings.of(workspace, Optional.empty(), env());
  }

  private Map<String, String> env() {
    return Map.of("HOME", home.toString());
  }
}
