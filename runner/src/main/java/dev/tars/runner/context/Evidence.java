package dev.tars.runner.context;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a run found, in the order in which it finds it.
 *
 * @param image id of the image that its commands run in
 * @param base digest of the tree that the steps began with
 * @param layer where the layer of a failed run was kept, on request
 * @param steps how each step ended; empty before they ran
 */
@PublicApi
public record Evidence(
    Optional<String> image,
    Optional<Digest> base,
    Optional<String> layer,
    List<StepRecord> steps,
    Optional<ChangeSummary> changes,
    Optional<JudgedVerdict> verdict) {
  public static final Evidence NONE =
      new Evidence(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  public Evidence {
    steps = List.copyOf(steps);
    if (verdict.isPresent() && changes.isEmpty()) {
      throw new IllegalArgumentException("it has a verdict on nothing: its changeSet is missing");
    }
    if (changes.isPresent() && image.isEmpty()) {
      throw new IllegalArgumentException("its imageDigest is missing");
    }
    if (changes.isPresent() && base.isEmpty()) {
      throw new IllegalArgumentException("its baseDigest is missing");
    }
  }

  /**
   * How one step ended.
   *
   * @param exitCode of its command, if it had one that exited by itself
   * @param reason one sentence, escaped; empty if it passed
   */
  public record StepRecord(
      String id, Step.Result result, Duration elapsed, OptionalInt exitCode, String reason) {}

  /** How large the change set is; its content is in a file of its own. */
  public record ChangeSummary(Digest digest, int files, int linesAdded, int linesRemoved) {}

  Evidence withImage(String value) {
    return new Evidence(Optional.of(value), base, layer, steps, changes, verdict);
  }

  Evidence withBase(Digest value) {
    return new Evidence(image, Optional.of(value), layer, steps, changes, verdict);
  }

  Evidence withLayer(String value) {
    return new Evidence(image, base, Optional.of(value), steps, changes, verdict);
  }

  Evidence withSteps(List<StepRecord> value) {
    return new Evidence(image, base, layer, value, changes, verdict);
  }

  Evidence withChanges(ChangeSummary value) {
    return new Evidence(image, base, layer, steps, Optional.of(value), verdict);
  }

  Evidence withVerdict(JudgedVerdict value) {
    return new Evidence(image, base, layer, steps, changes, Optional.of(value));
  }
}
