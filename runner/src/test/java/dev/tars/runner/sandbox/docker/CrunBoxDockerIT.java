package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The same ways out, tried on boxes of another runtime, where the engine has it. */
class CrunBoxDockerIT extends BoxDockerIT {
  private static final String CRUN = "crun";

  /** Only an engine that cannot start it is left out: walls that do not hold are a failure. */
  @BeforeAll
  static void theEngineCanStartIt(@TempDir Path temporary) {
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temporary.resolve("state"));
    try (DockerSandbox sandbox =
        DockerSandbox.connect(Optional.ofNullable(System.getenv("DOCKER_HOST")), layout)) {
      sandbox.prove(sandbox.image(IMAGE), limits(Optional.of(CRUN)));
    } catch (RunnerException e) {
      assumeThat(e.code()).as(e.getMessage()).isNotEqualTo(FailureCode.ENGINE_UNSUITABLE);
      throw e;
    }
  }

  @Override
  Optional<String> runtime() {
    return Optional.of(CRUN);
  }
}
