package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one policy allows that another does not: both are asked about the same requests, every value
 * is compared, then every rule key by key, and what is left of what the files say is said too.
 */
public final class PolicyDiff {
  private final List<Difference> changes;
  private final List<Difference> consequences;
  private final int asked;

  private PolicyDiff(List<Difference> changes, List<Difference> consequences, int asked) {
    this.changes = List.copyOf(changes);
    this.consequences = List.copyOf(consequences);
    this.asked = asked;
  }

  /** Compares; the order of the arguments is the order of time. */
  static PolicyDiff of(EffectivePolicy before, EffectivePolicy after) {
    return of(before, after, SampleRequests.of(List.of(before, after)));
  }

  /** The same, asking only these requests. */
  static PolicyDiff of(EffectivePolicy before, EffectivePolicy after, List<Request> requests) {
    Flips flips = Flips.of(before, after, requests);
    PolicyTexts old = new PolicyTexts(before);
    PolicyTexts now = new PolicyTexts(after);
    List<Difference> found = new ArrayList<>(new SettingDifferences(old, now).all());
    found.addAll(new RuleDifferences(old, now, flips).all());
    List<Difference> spoken = new ArrayList<>(flips.grouped());
    spoken.addAll(found);
    found.addAll(new KeyDifferences(old, now, spoken).all());
    found.sort(Comparator.comparing(d -> d.way() == Way.EQUAL)); // what counts comes first
    return new PolicyDiff(found, flips.grouped(), requests.size());
  }

  /** The keys and rules that differ, then the requests that are decided otherwise for it. */
  public List<Difference> differences() {
    return Stream.concat(changes.stream(), consequences.stream()).toList();
  }

  /** True if anything is allowed, left unchecked or simply other than it was. */
  public boolean widens() {
    return way().widens();
  }

  private Way way() {
    return differences().stream().map(Difference::way).reduce(Way.EQUAL, Way::and);
  }

  /** All of it in one word. */
  public String verdict() {
    return way().word();
  }

  /** {@code tars.policy-diff/v1}. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-diff/v1");
    node.put("verdict", verdict()).put("requests", asked);
    ArrayNode all = node.putArray("differences");
    differences().forEach(d -> d.into(all.addObject()));
    return node;
  }

  /** The requests, of those that tell the two apart, that are allowed more by the second. */
  static List<Request> widened(EffectivePolicy before, EffectivePolicy after) {
    Decider old = new Decider(before);
    Decider now = new Decider(after);
    return SampleRequests.of(List.of(before, after)).stream()
        .filter(r -> {
          Decision was = old.decide(r);
          Decision is = now.decide(r);
          return !Flips.same(was, is) && Flips.way(was, is) != Way.NARROWER;
        })
        .toList();
  }

  /** True if a value that is no decision differs. */
  static boolean valuesDiffer(EffectivePolicy before, EffectivePolicy after) {
    return !new SettingDifferences(new PolicyTexts(before), new PolicyTexts(after)).all().isEmpty();
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    changes.forEach(d -> lines.addAll(d.lines()));
    if (!consequences.isEmpty()) {
      lines.add("");
      lines.add("requests that are decided otherwise:");
      consequences.forEach(d -> lines.add(d.line()));
      lines.add("");
    }
    long without = changes.stream().filter(d -> d.way() == Way.EQUAL).count();
    lines.add(
        verdict()
            + ": "
            + (differences().size() - without)
            + " differences, "
            + (without == 0 ? "" : without + " without effect, ")
            + asked
            + " requests asked");
    return lines;
  }
}
