package dev.tars.runner.policy;

import java.util.List;
import java.util.Set;

/**
 * What a run leaves behind.
 *
 * @param reports of {@link #REPORTS}, those that are written
 * @param attestation true if a signed statement is asked for
 */
public record EvidenceRules(Set<String> reports, boolean attestation) {
  public static final List<String> REPORTS = List.of("json", "html", "junit", "sarif");

  public EvidenceRules {
    reports = Set.copyOf(reports);
  }
}
