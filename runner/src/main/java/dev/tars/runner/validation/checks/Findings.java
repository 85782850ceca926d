package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects findings, so many of one rule and no more, and gives them out the riskiest first. */
final class Findings {
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

  void add(String rule, Severity severity, RelativePath path, int line, String message) {
    // The first of a rule and severity is always kept, so that a rejection stays one.
    int count = counts.merge(rule + severity, 1, Integer::sum);
    if (count <= MOST_OF_A_RULE) {
      all.add(new Finding(rule, severity, path.toString(), line, shown(message)));
    }
  }

  private static String shown(String message) {
    String cut =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    return Escape.line(cut);
  }

  /** Sorted; where a rule found more than is kept, a finding says how many. */
  List<Finding> sorted() {
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
