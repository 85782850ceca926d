package dev.tars.runner.plan;

import dev.tars.runner.files.FilesBeneath;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.PlanPermissions;
import dev.tars.runner.yaml.YamlBounds;
import dev.tars.runner.yaml.YamlMap;
import dev.tars.runner.yaml.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an improvement file, once, with every file beside it that it names. */
public final class ImprovementReader {
  static final String API = "tars.dev/improvement/v1";
  static final int MAX_STEPS = 10_000;
  static final Duration MAX_TIMEOUT = Duration.ofHours(24);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  private ImprovementReader() {}

  /**
   * Reads a plan from a file that the user names; it may be a link.
   *
   * @param shownName the file as the user wrote it, for messages
   * @throws RunnerException PLAN_INVALID with every problem, NOT_FOUND
   */
  public static Plan read(Path file, String shownName) {
    byte[] bytes =
        YamlReader.bytes(file, shownName, YamlBounds.IMPROVEMENT, FailureCode.PLAN_INVALID);
    Path parent = file.toAbsolutePath().getParent();
    FilesBeneath beside = new FilesBeneath(parent == null ? Path.of("/") : parent);
    return read(bytes, shownName, new BesideFiles(beside, RelativePath.ROOT));
  }

  /** Reads a plan that a workspace supplies; no link is followed to it or to what it names. */
  static Plan read(FilesBeneath workspace, RelativePath file, String shownName) {
    byte[] bytes =
        YamlReader.bytes(
            workspace, file, shownName, YamlBounds.IMPROVEMENT, FailureCode.PLAN_INVALID);
    return read(bytes, shownName, new BesideFiles(workspace, file.parent()));
  }

  static Plan read(byte[] bytes, String name, BesideFiles beside) {
    YamlMap top = YamlReader.read(bytes, name, YamlBounds.IMPROVEMENT, FailureCode.PLAN_INVALID);
    if (top.optionalWord("apiVersion", List.of(API)).isEmpty() && !top.has("apiVersion")) {
      String _ = top.string("apiVersion");
    }
    if (top.optionalWord("kind", List.of("Improvement")).isEmpty() && !top.has("kind")) {
      top.string("kind");
    }
    Plan.Description description = description(top.map("metadata"));
    Optional<Digest> base = top.optionalMap("base").flatMap(ImprovementReader::base);
    PlanPermissions permissions =
        top.optionalMap("permissions")
            .map(PermissionsReader::read)
            .orElseGet(() -> PlanPermissions.none(top.position()));
    StepReader.Defaults defaults = defaults(top.optionalMap("defaults"));
    List<YamlMap> stepMaps = top.maps("steps");
    if (stepMaps.isEmpty()) {
      top.problem("steps", "there are no steps", "add at least one step below 'steps:'");
    }
    if (stepMaps.size() > MAX_STEPS) {
      top.problem("steps", "more than " + MAX_STEPS + " steps", "split the improvement");
    }
    StepReader reader = new StepReader(defaults, beside);
    List<Step> steps = new ArrayList<>();
    for (YamlMap map : stepMaps.subList(0, Math.min(stepMaps.size(), MAX_STEPS))) {
      reader.read(map).ifPresent(steps::add);
    }
    top.closed();
    // A step that could not be read is missing from the graph: its dependants would be blamed.
    List<Step> ordered = top.problems().isEmpty() ? StepGraph.order(steps, top.problems()) : steps;
    if (top.problems().isEmpty()) {
      StepReferences.check(ordered, top.problems());
    }
    top.problems().throwIfAny(FailureCode.PLAN_INVALID);
    var identity = CanonicalJson.object();
    identity.put("file", Digest.of(bytes).toString());
    var files = identity.putArray("beside");
    beside.digests().forEach(d -> files.add(d.toString()));
    return new Plan(
        name,
        Bytes.of(bytes),
        CanonicalJson.digest(identity),
        description,
        base,
        permissions,
        ordered);
  }

  private static Plan.Description description(YamlMap metadata) {
    String id = metadata.string("id");
    if (!id.isEmpty() && !id.matches(Improvements.ID_PATTERN)) {
      metadata.problem(
          "id", "metadata.id is not an id", "use letters, digits, '.', '_' and '-', at most 64");
    }
    Optional<YamlMap> author = metadata.optionalMap("author");
    Plan.Description description =
        new Plan.Description(
            id,
            metadata.optionalString("title").orElse(""),
            metadata.optionalString("description").orElse(""),
            author.flatMap(a -> a.optionalWord("kind", List.of("agent", "person"))).orElse(""),
            author.flatMap(a -> a.optionalString("id")).orElse(""),
            author.flatMap(a -> a.optionalString("onBehalfOf")).orElse(""),
            metadata.strings("links"));
    author.ifPresent(YamlMap::closed);
    metadata.closed();
    return description;
  }

  private static Optional<Digest> base(YamlMap base) {
    Optional<Digest> tree = Values.digest(base, "tree");
    base.closed();
    return tree;
  }

  private static StepReader.Defaults defaults(Optional<YamlMap> map) {
    StepReader.Defaults defaults =
        new StepReader.Defaults(
            map.flatMap(m -> m.optionalDuration("timeout", MAX_TIMEOUT)).orElse(DEFAULT_TIMEOUT),
            map.flatMap(Values::onFailure).orElse(Step.OnFailure.STOP));
    map.ifPresent(YamlMap::closed);
    return defaults;
  }
}
