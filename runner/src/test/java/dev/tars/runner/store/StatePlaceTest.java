package dev.tars.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.RunnerSettings;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state directory in a workspace, or the reverse, is refused before anything is made. */
class StatePlaceTest {
  @TempDir private Path temp;
  private Path workspace;

  @BeforeEach
  void makeWorkspace() throws IOException {
    workspace = Files.createDirectories(temp.resolve("ws"));
    Files.createDirectories(workspace.resolve(".git"));
    Files.createSymbolicLink(temp.resolve("into"), workspace.resolve(".git"));
    Files.createSymbolicLink(temp.resolve("alias"), workspace);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ws/state", "ws/.git/state", "ws", "into/state", "alias/a/b", "alias/../ws/state"})
  void oneInTheWorkspaceIsNotMade(String place) throws IOException {
    refused(temp.resolve(place), workspace, "the state directory is inside the workspace");
    assertThat(workspace.resolve(".git")).isEmptyDirectory();
    try (var in = Files.list(workspace)) {
      assertThat(in).containsExactly(workspace.resolve(".git"));
    }
  }

  @Test
  void aWorkspaceInTheStateDirectoryIsRefused() throws IOException {
    Path state = temp.resolve("state");
    refused(state, Files.createDirectories(state.resolve("objects/ab")), "the workspace is inside");
  }

  @Test
  void besideEachOtherTheyAreFine() {
    assertThatCode(() -> open(temp.resolve("ws-state"), workspace).close())
        .doesNotThrowAnyException();
  }

  private static void refused(Path state, Path workspace, String why) {
    assertThatThrownBy(() -> open(state, workspace))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.CONFIG_INVALID);
              assertThat(e).hasMessageContaining(why);
              assertThat(e.help()).contains("--state-dir");
            });
  }

  private static SandboxRunner open(Path state, Path workspace) {
    return SandboxRunner.open(RunnerSettings.of(workspace, Optional.of(state), Map.of()));
  }
}
