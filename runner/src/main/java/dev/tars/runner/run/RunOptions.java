package dev.tars.runner.run;

import dev.tars.runner.model.PublicApi;
import java.time.Duration;
import java.util.Optional;

/**
 * The switches of {@code execute improvement}, as the specification names them.
 *
 * @param policy a policy file or {@code builtin:NAME}; empty means the user's or the default
 * @param keepLayer keep the layer of a failed run for inspection
 * @param lockWait how long promotion waits for another one on the same workspace
 */
@PublicApi
public record RunOptions(
    Optional<String> policy,
    boolean dryRun,
    boolean backup,
    boolean validate,
    boolean autoRollback,
    boolean structural,
    boolean keepLayer,
    Duration lockWait) {

  /** The specification's defaults. */
  public static final RunOptions DEFAULT =
      new RunOptions(
          Optional.empty(), false, true, true, true, false, false, Duration.ofSeconds(10));

  /** The same with a policy file, or {@code builtin:NAME}. */
  public RunOptions withPolicy(String file) {
    return new RunOptions(
        Optional.of(file), dryRun, backup, validate, autoRollback, structural, keepLayer, lockWait);
  }

  /** The same for a run that judges everything and can never be promoted. */
  public RunOptions asDryRun() {
    return new RunOptions(
        policy, true, backup, validate, autoRollback, structural, keepLayer, lockWait);
  }
}
