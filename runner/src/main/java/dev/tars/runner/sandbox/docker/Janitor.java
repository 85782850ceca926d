package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.WaitResponse;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.SandboxSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Empties one overlay work directory for a runner that is not root: the kernel makes a directory of
 * root's in it. The one container that runs as root; it has no capability and no network, its
 * command is fixed, and it sees nothing of the host but that directory.
 */
final class Janitor {
  private static final String TARGET = "/work";
  private static final List<String> COMMAND = List.of("rm", "-rf", "--", TARGET + "/work");
  private static final long SECONDS = 60;

  private final EngineClient engine;
  private final Labels labels;
  private final String seccomp;

  Janitor(EngineClient engine, Labels labels, String seccomp) {
    this.engine = engine;
    this.labels = labels;
    this.seccomp = seccomp;
  }

  /**
   * Runs it to its end.
   *
   * @param work the directory; everybody may write in it, since root without capabilities is nobody
   *     special
   * @param image any image that has {@code rm}
   */
  void empty(Path work, String image) {
    String id =
        engine.call(
            "create a container",
            () ->
                engine
                    .docker()
                    .createContainerCmd(image)
                    .withEntrypoint(COMMAND)
                    .withWorkingDir("/")
                    .withUser("0:0")
                    .withLabels(labels.of(new SandboxSpec.Owner("janitor", "janitor")))
                    .withNetworkDisabled(true)
                    .withHostConfig(hostConfig(work))
                    .exec()
                    .getId());
    try {
      engine.run("start the container", () -> engine.docker().startContainerCmd(id).exec());
      require(await(id), work);
    } finally {
      engine.run(
          "remove the container",
          () ->
              engine
                  .docker()
                  .removeContainerCmd(id)
                  .withForce(true)
                  .withRemoveVolumes(true)
                  .exec());
    }
  }

  HostConfig hostConfig(Path work) {
    return HostConfig.newHostConfig()
        .withPrivileged(false)
        .withReadonlyRootfs(true)
        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges", "seccomp=" + seccomp))
        .withNetworkMode("none")
        .withIpcMode("private")
        .withPidsLimit(8L)
        .withMemory(64L << 20)
        .withMemorySwap(64L << 20)
        .withMounts(
            List.of(
                new Mount()
                    .withType(MountType.BIND)
                    .withSource(work.toString())
                    .withTarget(TARGET)));
  }

  private int await(String id) {
    try (var waiting =
        engine
            .docker()
            .waitContainerCmd(id)
            .exec(
                new ResultCallback.Adapter<WaitResponse>() {
                  @Override
                  public void onNext(WaitResponse response) {}
                })) {
      boolean _ = waiting.awaitCompletion(SECONDS, TimeUnit.SECONDS);
      Long code =
          engine.call(
              "inspect the container",
              () -> engine.docker().inspectContainerCmd(id).exec().getState().getExitCodeLong());
      return code == null ? -1 : code.intValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunnerException(
          FailureCode.INTERRUPTED, "interrupted while a layer was removed", "run `tarscli gc`");
    } catch (java.io.IOException | DockerException e) {
      throw engine.unreachable(e);
    }
  }

  private static void require(int exit, Path work) {
    if (exit != 0) {
      throw RunnerException.of(
              FailureCode.ENGINE_UNSUITABLE,
              "the work directory of a layer could not be emptied (rm ended with " + exit + ")")
          .at(Escape.line(work.toString()))
          .help("run `tarscli gc` as root, once");
    }
  }
}
