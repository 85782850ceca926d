package dev.tars.runner.promotion;

import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import java.util.List;

/** How a transaction ended. In every case but {@code Committed} the workspace is as it was. */
public sealed interface PromotionOutcome {

  /**
   * It is durable.
   *
   * @param done one line a path
   * @param lateEdits paths that somebody wrote to through an open file; their bytes are kept
   */
  record Committed(TransactionId id, List<String> done, List<String> lateEdits)
      implements PromotionOutcome {
    public Committed {
      done = List.copyOf(done);
      lateEdits = List.copyOf(lateEdits);
    }

    Committed and(List<String> more) {
      List<String> all = new java.util.ArrayList<>(done);
      all.addAll(more);
      return new Committed(id, all, lateEdits);
    }
  }

  /** The workspace is not what it must be; nothing was changed. */
  record Stale(List<PathConflict> conflicts) implements PromotionOutcome {
    public Stale {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** Something that only a person can settle: outside edits while it ran. All bytes are kept. */
  record Conflicted(TransactionId id, List<PathConflict> conflicts) implements PromotionOutcome {
    public Conflicted {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** It could not be done; it was undone. */
  record Failed(RunnerException cause) implements PromotionOutcome {}
}
