package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The engine calls that gateway and proxy need. Everything made carries the labels of the run.
 *
 * @param seccomp the list of system calls, as JSON
 * @param hosts {@code name:address} that the proxy knows beside its resolver
 */
record EgressEngine(
    EngineClient client, Map<String, String> labels, String seccomp, List<String> hosts) {
  /** Made by {@code scripts/provision}; its name is not a policy's business. */
  static final String IMAGE =
      Optional.ofNullable(System.getenv("TARS_EGRESS_IMAGE"))
          .filter(name -> !name.isBlank())
          .orElse("tars-egress:default");

  private static final long GONE_NANOS = 10_000_000_000L;
  private static final long PAUSE_NANOS = 10_000_000;

  String create(EgressContainer container) {
    String id =
        client.call(
            "create the " + container.arguments().getFirst(),
            () -> {
              try {
                return container
                    .fill(client.docker().createContainerCmd(IMAGE), seccomp, hosts)
                    .exec()
                    .getId();
              } catch (NotFoundException e) {
                throw RunnerException.of(
                        FailureCode.IMAGE_MISSING, "the engine has no image " + IMAGE)
                    .note("a policy lets boxes reach the network; gateway and proxy are in it")
                    .cause(e)
                    .help("build it with scripts/provision");
              }
            });
    container.require(
        client.call("inspect a container", () -> client.docker().inspectContainerCmd(id).exec()));
    return id;
  }

  /** Puts a file into a volume of a container that was not started yet. */
  void copy(String id, String directory, String name, byte[] content) {
    InputStream tar = new ByteArrayInputStream(SmallTar.of(name, content));
    client.run(
        "hand the rules over to the proxy",
        () ->
            client
                .docker()
                .copyArchiveToContainerCmd(id)
                .withRemotePath(directory)
                .withTarInputStream(tar)
                .exec());
  }

  /** Attaches all three streams; the container's input ends when this process does. */
  void attach(String id, EgressOutput output) {
    client.run(
        "attach to a container",
        () ->
            client
                .docker()
                .attachContainerCmd(id)
                .withStdIn(InputStream.nullInputStream())
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(output));
    output.awaitAttached();
  }

  void start(String id) {
    client.run("start a container", () -> client.docker().startContainerCmd(id).exec());
  }

  /** Asks a container to end; it may be dead already. */
  void end(String id) {
    try {
      client.run(
          "end a container",
          () -> client.docker().killContainerCmd(id).withSignal("SIGTERM").exec());
    } catch (RunnerException e) {
      // It is removed next, whatever it does.
    }
  }

  /** Removes what was made, and waits until it is gone. What is not is swept by its labels. */
  void remove(List<String> containers) {
    for (String id : containers) {
      quietly(() ->
          client.docker().removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec());
    }
    long end = System.nanoTime() + GONE_NANOS;
    while (System.nanoTime() < end && isAnythingLeft(containers)) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean isAnythingLeft(List<String> containers) {
    boolean[] left = {false};
    quietly(() ->
        left[0] =
            client
                    .docker()
                    .listContainersCmd()
                    .withShowAll(true)
                    .withIdFilter(containers)
                    .exec()
                    .size()
                > 0);
    return left[0];
  }

  private void quietly(Runnable call) {
    try {
      client.run("remove what a network needed", call);
    } catch (RuntimeException e) {
      // The outcome of the run matters more; the next command removes it.
    }
  }
}
