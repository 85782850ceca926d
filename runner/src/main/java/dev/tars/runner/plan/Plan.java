package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.policy.PlanPermissions;
import java.util.List;
import java.util.Optional;

/**
 * An improvement, parsed and checked, in memory: nothing is read from its file again.
 *
 * @param file the file's name as the user wrote it, for messages
 * @param source the bytes of the file, kept as evidence
 * @param digest of the file and of every file beside it that it names
 * @param baseTree the tree the author worked on, if the plan says so
 * @param steps in an order that respects {@code dependsOn}, otherwise as written
 */
public record Plan(
    String file,
    Bytes source,
    Digest digest,
    Description description,
    Optional<Digest> baseTree,
    PlanPermissions permissions,
    List<Step> steps) {
  public Plan {
    steps = List.copyOf(steps);
  }

  public String id() {
    return description.id();
  }

  /** What a plan says about itself; shown, never believed. */
  public record Description(
      String id,
      String title,
      String description,
      String authorKind,
      String authorId,
      String onBehalfOf,
      List<String> links) {
    public Description {
      links = List.copyOf(links);
    }
  }
}
