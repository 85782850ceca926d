package dev.tars.runner.policy;

import java.util.List;

/**
 * How an approved change set reaches the workspace.
 *
 * @param afterCheck ids of the gates that run again on the promoted workspace
 */
public record PromotionRules(
    RequireBase requireBase,
    Target target,
    OnDrift onDrift,
    boolean backupOptional,
    List<String> afterCheck) {
  public PromotionRules {
    afterCheck = List.copyOf(afterCheck);
  }

  /** What must still be as it was verified. */
  public enum RequireBase {
    EVERYTHING,
    TREE,
    PATHS
  }

  /** Where the change goes. */
  public enum Target {
    WORKTREE,
    PATCH_FILE
  }

  /** What to do when the base moved. */
  public enum OnDrift {
    FAIL,
    REVALIDATE
  }
}
