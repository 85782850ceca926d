package dev.tars.runner.retention;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.PublicApi;
import java.util.List;

/**
 * What a collection removed, or would remove.
 *
 * @param kept what stays although a limit is crossed, and why
 * @param before bytes of the store before
 * @param after bytes of the store now, or then
 * @param most bytes that the policy lets it hold
 */
@PublicApi
public record Collected(
    boolean dryRun, List<String> removed, List<String> kept, long before, long after, long most) {
  public Collected {
    removed = List.copyOf(removed);
    kept = List.copyOf(kept);
  }

  /** One line. */
  public String summary() {
    String what =
        removed.isEmpty()
            ? "nothing to remove"
            : removed.size() + (dryRun ? " would be removed" : " removed");
    return what + "; the store holds " + new ByteCount(after) + " of " + new ByteCount(most);
  }
}
