package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import java.util.List;

/**
 * What is recorded of a run, and what must not be.
 *
 * @param denialsOnly true if only decisions that deny or ask are recorded
 * @param redact what each pattern matches is replaced before anything is written
 */
public record AuditRules(boolean denialsOnly, List<Pattern> redact) {
  /** What stands where something was taken out. */
  public static final String REDACTED = "[redacted]";

  public AuditRules {
    redact = List.copyOf(redact);
  }

  /** The text without what must not be recorded. Time is linear in the text. */
  public String redacted(String text) {
    String kept = text;
    for (Pattern pattern : redact) {
      kept = pattern.matcher(kept).replaceAll(REDACTED);
    }
    return kept;
  }
}
