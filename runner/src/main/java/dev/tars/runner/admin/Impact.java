package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.decisions.DecisionRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * What a new policy would have meant for runs that are on record.
 *
 * @param withoutRecords contexts that could not be looked at
 */
public record Impact(List<Run> runs, List<String> withoutRecords) {
  private static final int MOST_FLIPS = 20;

  public Impact {
    runs = List.copyOf(runs);
    withoutRecords = List.copyOf(withoutRecords);
  }

  /** One run. */
  record Run(String context, String improvement, String state, Replay replay) {
    boolean flips() {
      return replay.before() != replay.after();
    }
  }

  /** True if the verdict of a run would be another. */
  public boolean anyFlips() {
    return runs.stream().anyMatch(Run::flips);
  }

  /** {@code tars.policy-impact/v1}. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-impact/v1");
    node.put("runs", runs.size());
    node.put("flipping", runs.stream().filter(Run::flips).count());
    ArrayNode contexts = node.putArray("contexts");
    for (Run run : runs) {
      ObjectNode one = contexts.addObject().put("contextId", run.context());
      one.put("improvementId", run.improvement()).put("state", run.state());
      one.put("before", DecisionRecord.word(run.replay().before()));
      one.put("after", DecisionRecord.word(run.replay().after()));
      one.put("flips", run.flips()).put("decisions", run.replay().flips().size());
      ArrayNode flips = one.putArray("changed");
      run.replay().flips().stream()
          .limit(MOST_FLIPS)
          .forEach(f -> {
            ObjectNode flip = f.record().json();
            ObjectNode now = flip.putObject("now");
            DecisionRecord.decisionInto(now, f.now());
            flips.add(flip);
          });
    }
    withoutRecords.forEach(node.putArray("withoutRecords")::add);
    return node;
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Run run : runs) {
      String verdict =
          DecisionRecord.word(run.replay().before())
              + (run.flips() ? " -> " + DecisionRecord.word(run.replay().after()) : "");
      lines.add(
          "%-8s %-20s %-20s %s"
              .formatted(
                  run.context(),
                  dev.tars.runner.model.Escape.line(run.improvement()),
                  run.state(),
                  verdict));
      run.replay().flips().stream().limit(5).forEach(f -> lines.add("         " + f.line()));
      if (run.replay().flips().size() > 5) {
        lines.add("         and " + (run.replay().flips().size() - 5) + " more decisions");
      }
    }
    long flipping = runs.stream().filter(Run::flips).count();
    lines.add(
        flipping
            + " of "
            + runs.size()
            + " runs would end differently"
            + (withoutRecords.isEmpty()
                ? ""
                : "; no records of " + String.join(", ", withoutRecords)));
    return lines;
  }
}
