package dev.tars.runner.context;

import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.policy.PlanPermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a run began with; nothing of it changes afterwards.
 *
 * @param imported where the change comes from, if its steps ran on another machine
 */
@PublicApi
public record Origin(
    ContextId id,
    Improvement improvement,
    Place place,
    Options options,
    PolicyTerms policy,
    Instant createdAt,
    Optional<Imported> imported) {

  /**
   * What was to be done, as its author wrote it.
   *
   * @param plan digest of the improvement file's meaning
   */
  public record Improvement(
      String id, String title, Digest plan, Author author, PlanPermissions permissions) {}

  /** Who an improvement says that it comes from; it may only keep people from approving. */
  public record Author(String kind, String id, String onBehalfOf) {}

  /**
   * Where it ran and for whom.
   *
   * @param workspace absolute path
   * @param user name of the operating system user who ran it
   */
  public record Place(String workspace, String user) {}

  /**
   * A bundle that a change came in.
   *
   * @param bundle digest of what was signed
   * @param key the name that the policy gives the key that signed it
   * @param context number of the context there
   * @param ranBy name of the user who ran it there
   * @param gatesTaken true if gates that passed there did not run again
   */
  public record Imported(
      Digest bundle, String key, ContextId context, String ranBy, Instant at, boolean gatesTaken) {}

  /**
   * How it was asked for.
   *
   * @param policy a policy file or {@code builtin:NAME}; empty if none was named
   */
  public record Options(
      String policy,
      boolean dryRun,
      boolean structural,
      boolean backup,
      boolean autoRollback,
      boolean validate) {}

  /**
   * What of the policy is needed later, frozen with the run.
   *
   * @param reports kinds of reports that may be exported, sorted
   */
  public record PolicyTerms(Digest digest, Explain explain, List<String> reports) {
    public PolicyTerms {
      reports = List.copyOf(reports);
    }
  }

  /**
   * Who is told what of the policy's decisions.
   *
   * @param people true if people are told all of it, false if no more than ids of rules
   * @param agents the same for programs
   * @param names users that are programs
   */
  public record Explain(boolean people, boolean agents, Set<String> names) {
    public Explain {
      names = java.util.Collections.unmodifiableSet(new TreeSet<>(names));
    }
  }
}
