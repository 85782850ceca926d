package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import dev.tars.runner.model.Secrets;
import java.util.List;

/**
 * What is recorded of a run, and what must not be.
 *
 * @param denialsOnly true if only decisions that deny or ask are recorded
 * @param redact what each pattern matches is replaced before anything is written, and what looks
 *     like a credential always
 */
public record AuditRules(boolean denialsOnly, List<Pattern> redact) {
  public AuditRules {
    redact = List.copyOf(redact);
  }

  /** The text without what must not be recorded. Time is linear in the text. */
  public String redacted(String text) {
    String kept = text;
    for (Pattern pattern : redact) {
      kept = pattern.matcher(kept).replaceAll(Secrets.MARK);
    }
    return Secrets.redacted(kept);
  }
}
