package dev.tars.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tars.runner.Planted;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.UpstreamProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file that network.upstream.credentials names: whose it may be, and what may stand there. */
class ProxyCredentialsTest {
  @TempDir private Path temp;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    file = Files.createDirectory(temp.resolve("d")).resolve("credentials");
    Files.writeString(file, "anna:word\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private String read() {
    return ProxyCredentials.of(
        new UpstreamProxy(
            "proxy", 3128, Optional.of(file.toString()), new SourcePosition("p", 1, 1)));
  }

  @Test
  void oneLineOfItsOwnersIsRead() {
    assertThat(read()).isEqualTo("anna:word");
  }

  @Test
  void whatOthersMayReadIsRefused() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    refused();
  }

  @ParameterizedTest
  @EnumSource(names = "LINKED_TARS", mode = EnumSource.Mode.EXCLUDE)
  void nothingElseIsReadOrShown(Planted planted) throws Exception {
    Path secret = Files.writeString(temp.resolve("secret"), Planted.CANARY + "\n");
    planted.plant(file, secret);
    assertTimeoutPreemptively(Duration.ofSeconds(20), this::refused);
  }

  private void refused() {
    Assertions.assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.CONFIG_INVALID);
              assertThat(e.getMessage() + e.notes() + e.help()).doesNotContain(Planted.CANARY);
            });
  }
}
