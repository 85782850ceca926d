package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.RuleSeverity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects findings, so many of one rule and no more, and gives them out the riskiest first. */
public final class Findings {
  private static final int MOST_OF_A_RULE = 200;
  private static final int LONGEST_MESSAGE = 400;

  private static final Comparator<Finding> RISKIEST_FIRST =
      Comparator.comparing(Finding::severity, Comparator.<Severity>reverseOrder())
          .thenComparing(f -> !f.rule().startsWith("handoff."))
          .thenComparing(Finding::rule)
          .thenComparing(Finding::path)
          .thenComparingInt(Finding::line);

  private final List<Finding> all = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  private final Map<String, RuleSeverity> severities;

  /** Findings that weigh what their rules say. */
  public Findings() {
    this(Map.of());
  }

  /**
   * @param severities what a policy says instead, by rule or {@code group.*}
   */
  public Findings(Map<String, RuleSeverity> severities) {
    this.severities = Map.copyOf(severities);
  }

  /** Adds one; the message may hold anything and is escaped here. */
  public void add(String rule, Severity severity, RelativePath path, int line, String message) {
    add(rule, severity, path, line, Told.plain(message));
  }

  /** Adds one that tells of the policy. */
  public void add(String rule, Severity severity, RelativePath path, int line, Told message) {
    Optional<Severity> weight = weight(rule, severity);
    if (weight.isEmpty()) {
      return;
    }
    Told shown = message.map(Findings::shown);
    add(new Finding(rule, weight.get(), path.toString(), line, shown.full(), shown.brief()));
  }

  /** What a policy lets a finding weigh; what was wrong before the change stays information. */
  private Optional<Severity> weight(String rule, Severity own) {
    String group = rule.substring(0, rule.indexOf('.') + 1) + "*";
    RuleSeverity set = severities.getOrDefault(rule, severities.get(group));
    if (set == null) {
      return Optional.of(own);
    }
    return switch (set) {
      case OFF -> Optional.empty();
      case INFO -> Optional.of(Severity.INFO);
      case REVIEW, REJECT ->
          own == Severity.INFO && rule.startsWith("syntax.")
              ? Optional.of(own)
              : Optional.of(set == RuleSeverity.REJECT ? Severity.REJECT : Severity.REVIEW);
    };
  }

  /** Adds one that was made elsewhere, as it is. */
  public void add(Finding finding) {
    // The first of a rule and severity is always kept, so that a rejection stays one.
    if (counts.merge(finding.rule() + finding.severity(), 1, Integer::sum) <= MOST_OF_A_RULE) {
      all.add(finding);
    }
  }

  public boolean rejects() {
    return all.stream().anyMatch(f -> f.severity() == Severity.REJECT);
  }

  private static String shown(String message) {
    String cut =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    return Escape.line(cut);
  }

  /** Sorted; where a rule found more than is kept, a finding says how many. */
  public List<Finding> sorted() {
    List<Finding> result = new ArrayList<>(all);
    counts.forEach((key, count) -> {
      if (count > MOST_OF_A_RULE) {
        Finding one =
            all.stream()
                .filter(f -> (f.rule() + f.severity()).equals(key))
                .findFirst()
                .orElseThrow();
        result.add(
            new Finding(
                one.rule(),
                one.severity(),
                "",
                0,
                (count - MOST_OF_A_RULE) + " more findings of this rule are not listed"));
      }
    });
    result.sort(RISKIEST_FIRST);
    return List.copyOf(result);
  }
}
