package dev.tars.runner.run.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that may not become a cache. */
final class CachesTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/var",
        "/var/lib",
        "/var/lib/docker",
        "/var/lib/docker/volumes/of-somebody/_data",
        "/var/lib/containers/storage",
        "/var/snap/docker/common",
        "/home/user/.local/share/containers/storage/overlay",
        "/home/user/.local/share/docker",
        "/home/user/.aws",
        "/etc/ssl",
        "/run/user/1000"
      })
  void theSystemEnginesAndCredentialsAreRefusedByReason(String directory) {
    assertThatThrownBy(() -> Caches.refuse(Path.of(directory)))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e).hasMessageContaining(directory);
              assertThat(e.notes()).first().asString().contains("an engine's data");
            });
  }

  @Test
  void anOrdinaryDirectoryIsTakenAndAFileIsNot() throws IOException {
    assertThatCode(() -> Caches.refuse(temp.toRealPath())).doesNotThrowAnyException();
    Path file = Files.writeString(temp.toRealPath().resolve("a"), "");
    assertThatThrownBy(() -> Caches.refuse(file))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.notes()).contains("it is not a directory"));
  }
}
