package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy counts only where nobody else could have written it, or put it there. */
class PolicyFileTrustTest {
  @TempDir private Path temp;
  private Path workspace;
  private Path file;

  @BeforeEach
  void makePolicy() throws IOException {
    workspace = Files.createDirectories(temp.resolve("ws"));
    file = Files.createDirectories(temp.resolve("etc/tars")).resolve("team.yaml");
    Files.writeString(
        file,
        """
        apiVersion: tars.dev/policy/v1
        kind: PermissionPolicy
        metadata: { name: team }
        extends: [{ ref: "builtin:standard" }]
        """);
    mode(file, "rw-r--r--");
  }

  @Test
  void oneThatOnlyWeCanWriteCounts() {
    assertThatCode(this::load).doesNotThrowAnyException();
  }

  @Test
  void oneThatOthersCanWriteDoesNot() throws IOException {
    mode(file, "rw-rw-r--");
    refused("others may write to it");
  }

  @Test
  void oneInADirectoryThatOthersCanWriteDoesNot() throws IOException {
    mode(file.getParent(), "rwxrwxr-x");
    refused("the directory", "others may write to it");
  }

  @Test
  void oneBelowADirectoryThatOthersCanWriteDoesNot() throws IOException {
    mode(temp.resolve("etc"), "rwxrwxrwx");
    refused("the directory", "others may write to it");
  }

  @Test
  void inAStickyDirectoryFilesStayTheirOwners() throws IOException {
    Files.setAttribute(temp.resolve("etc"), "unix:mode", 01777);
    assertThatCode(this::load).doesNotThrowAnyException();
  }

  @Test
  void oneThatIsLinkedIntoTheWorkspaceDoesNot() throws IOException {
    Files.createLink(workspace.resolve("innocent.txt"), file);
    refused("hard link");
  }

  @Test
  void oneThatIsReachedThroughALinkIsJudgedWhereItLies() throws IOException {
    Path inside = Files.copy(file, workspace.resolve("p.yaml"));
    file = Files.createSymbolicLink(temp.resolve("etc/link.yaml"), inside);
    refused("it lies in the workspace");
  }

  private void refused(String... why) {
    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.POLICY_INVALID);
              assertThat(e.getMessage()).contains(why);
            });
  }

  private void load() {
    var _ =
        new PolicyLoader(new PolicySources(workspace, temp, Map.of(), temp.resolve("home")))
            .load(Optional.of(file.toString()));
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
