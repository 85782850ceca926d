package dev.tars.runner;

import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.docker.DockerSandbox;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a runner reaches outside itself.
 *
 * @param sandbox connects to an engine; called once, when the first command needs one
 * @param user name of the operating system user who acts
 */
public record Ports(Disk disk, Function<StoreLayout, Sandbox> sandbox, Clock clock, String user) {

  /** This machine's disk and clock, the engine that {@code DOCKER_HOST} names, and this user. */
  public static Ports of(RunnerSettings settings) {
    Optional<String> engine = Optional.ofNullable(settings.env().get("DOCKER_HOST"));
    return new Ports(
        LinuxDisk.create(),
        layout -> DockerSandbox.connect(engine, layout),
        Clock.systemUTC(),
        OperatingSystemUser.name());
  }
}
