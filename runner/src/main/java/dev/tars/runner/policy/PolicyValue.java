package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.util.List;

/**
 * One value of an effective policy.
 *
 * @param name as in a policy file; a rule by its id: {@code filesystem.write[fs.main]}
 * @param value what holds, in the words of a policy file
 * @param origins where layers say something of it, the outermost first; empty where none does
 * @param enforcedBy what holds a run to it
 */
public record PolicyValue(String name, String value, List<Origin> origins, String enforcedBy) {
  public PolicyValue {
    origins = List.copyOf(origins);
  }

  /**
   * What one file of one layer says.
   *
   * @param decides true if this is why the value is what it is
   */
  public record Origin(String layer, SourcePosition at, String value, boolean decides) {}
}
