package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The innermost layer: what a plan says it needs. It can only narrow.
 *
 * @param write globs a change may touch; empty optional means the plan does not say
 * @param commands ids of process rules a step may use
 * @param networkNone true if the plan asks for no network explicitly
 */
@PublicApi
public record PlanPermissions(
    Optional<List<Glob>> write,
    Optional<List<String>> commands,
    boolean networkNone,
    Optional<ByteCount> memory,
    Optional<Duration> wallClock,
    SourcePosition at) {
  public PlanPermissions {
    write = write.map(List::copyOf);
    commands = commands.map(List::copyOf);
  }

  /** One text for one meaning; part of the policy's identity. */
  String canonical() {
    return "write=%s commands=%s network=%s memory=%s wallClock=%s"
        .formatted(
            write.map(w -> w.stream().map(Glob::text).toList().toString()).orElse("-"),
            commands.map(List::toString).orElse("-"),
            networkNone ? "none" : "-",
            memory.map(ByteCount::toString).orElse("-"),
            wallClock.map(Duration::toString).orElse("-"));
  }

  /** A plan without a {@code permissions} section. */
  public static PlanPermissions none(SourcePosition at) {
    return new PlanPermissions(
        Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.empty(), at);
  }
}
