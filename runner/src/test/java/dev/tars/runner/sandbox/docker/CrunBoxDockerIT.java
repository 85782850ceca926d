package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The same ways out, tried on boxes of another runtime, where the engine has it. */
class CrunBoxDockerIT extends BoxDockerIT {
  private static final String CRUN = "crun";

  @BeforeAll
  static void theEngineHasIt(@TempDir Path state) {
    try (DockerSandbox sandbox =
        DockerSandbox.connect(
            Optional.ofNullable(System.getenv("DOCKER_HOST")),
            StoreLayout.open(LinuxDisk.create(), state.resolve("state")))) {
      assumeThat(sandbox.runtimes()).contains(CRUN);
    }
  }

  @Override
  Optional<String> runtime() {
    return Optional.of(CRUN);
  }
}
