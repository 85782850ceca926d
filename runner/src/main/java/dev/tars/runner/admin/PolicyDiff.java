package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.model.Escape;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * What one policy allows that another does not, found by asking both about the same requests, and
 * by comparing every value that is no decision.
 */
public final class PolicyDiff {
  private final List<Difference> differences;
  private final int asked;

  private PolicyDiff(List<Difference> differences, int asked) {
    this.differences = List.copyOf(differences);
    this.asked = asked;
  }

  /** Which way a difference goes. */
  public enum Way {
    WIDER,
    NARROWER,
    /** Something is allowed that was not, and the other way round; or nobody can say. */
    BOTH
  }

  /**
   * One difference.
   *
   * @param subject the rules that decide before and after, or the value's key
   * @param before what was decided, by which rule; or the value
   * @param example a request that flips; empty for a value
   * @param count how many of the requests that were asked flip in this way
   */
  public record Difference(
      Way way, String subject, String before, String after, String example, int count) {}

  /** Compares; the order of the arguments is the order of time. */
  static PolicyDiff of(EffectivePolicy before, EffectivePolicy after) {
    List<Request> requests = SampleRequests.of(List.of(before, after));
    List<Difference> found = new ArrayList<>(decisions(before, after, requests));
    found.addAll(values(before, after));
    return new PolicyDiff(found, requests.size());
  }

  public List<Difference> differences() {
    return differences;
  }

  /** True if anything is allowed, or left unchecked, that was not. */
  public boolean widens() {
    return differences.stream().anyMatch(d -> d.way() != Way.NARROWER);
  }

  /** All of it in one word. */
  public String verdict() {
    boolean wider = widens();
    boolean narrower = differences.stream().anyMatch(d -> d.way() != Way.WIDER);
    return wider ? narrower ? "both" : "wider" : narrower ? "narrower" : "equal";
  }

  /** {@code tars.policy-diff/v1}. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-diff/v1");
    node.put("verdict", verdict()).put("requests", asked);
    ArrayNode all = node.putArray("differences");
    for (Difference d : differences) {
      all.addObject()
          .put("way", d.way().name().toLowerCase(Locale.ROOT))
          .put("subject", d.subject())
          .put("before", d.before())
          .put("after", d.after())
          .put("example", d.example())
          .put("count", d.count());
    }
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
          boolean same = was.effect() == is.effect() && was.approvals().equals(is.approvals());
          return !same && way(was, is) != Way.NARROWER;
        })
        .toList();
  }

  /** True if a value that is no decision differs. */
  static boolean valuesDiffer(EffectivePolicy before, EffectivePolicy after) {
    return !values(before, after).isEmpty();
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Difference d : differences) {
      lines.add(
          "%-9s %s".formatted(d.way().name().toLowerCase(Locale.ROOT), Escape.line(d.subject())));
      lines.add("          before  " + Escape.line(d.before()));
      lines.add("          after   " + Escape.line(d.after()));
      if (!d.example().isEmpty()) {
        lines.add(
            "          example "
                + d.example()
                + (d.count() > 1 ? " (and " + (d.count() - 1) + " more like it)" : ""));
      }
    }
    lines.add(verdict() + ": " + differences.size() + " differences, " + asked + " requests asked");
    return lines;
  }

  private record Group(Way way, String kind, String before, String after) {}

  private static List<Difference> decisions(
      EffectivePolicy before, EffectivePolicy after, List<Request> requests) {
    Decider old = new Decider(before);
    Decider now = new Decider(after);
    Map<Group, Difference> groups = new LinkedHashMap<>();
    for (Request request : requests) {
      Decision was = old.decide(request);
      Decision is = now.decide(request);
      if (was.effect() == is.effect() && was.approvals().equals(is.approvals())) {
        continue;
      }
      Group group = new Group(way(was, is), Requests.kind(request), shown(was), shown(is));
      groups.merge(
          group,
          new Difference(
              group.way(),
              group.kind() + " " + was.deciding().rule() + " -> " + is.deciding().rule(),
              group.before(),
              group.after(),
              Requests.line(request),
              1),
          (first, again) ->
              new Difference(
                  first.way(),
                  first.subject(),
                  first.before(),
                  first.after(),
                  first.example(),
                  first.count() + 1));
    }
    return List.copyOf(groups.values());
  }

  private static String shown(Decision decision) {
    String approvals =
        decision.effect() == Effect.ASK && !decision.approvals().isEmpty()
            ? " for " + String.join(", ", decision.approvals())
            : "";
    return DecisionRecord.word(decision.effect()) + approvals + " by " + decision.deciding().rule();
  }

  private static Way way(Decision was, Decision is) {
    int by = is.effect().compareTo(was.effect());
    if (by != 0) {
      return by < 0 ? Way.WIDER : Way.NARROWER;
    }
    boolean more = is.approvals().containsAll(was.approvals());
    boolean fewer = was.approvals().containsAll(is.approvals());
    return more ? Way.NARROWER : fewer ? Way.WIDER : Way.BOTH;
  }

  // ---- values

  private static List<Difference> values(EffectivePolicy before, EffectivePolicy after) {
    Map<String, Settings.Setting> old = new LinkedHashMap<>();
    Settings.of(before).forEach(s -> old.put(s.key(), s));
    List<Difference> found = new ArrayList<>();
    for (Settings.Setting is : Settings.of(after)) {
      Settings.Setting was = old.get(is.key());
      if (was != null && !was.equals(is)) {
        found.add(new Difference(way(was, is), is.key(), was.shown(), is.shown(), "", 1));
      }
    }
    return found;
  }

  private static Way way(Settings.Setting was, Settings.Setting is) {
    TreeSet<String> names = new TreeSet<>(was.amounts().keySet());
    names.addAll(is.amounts().keySet());
    boolean wider = false;
    boolean narrower = false;
    for (String name : names) {
      Settings.Amount a = was.amounts().get(name);
      Settings.Amount b = is.amounts().get(name);
      if (a != null && a.equals(b)) {
        continue;
      }
      Settings.Amount some = b != null ? b : java.util.Objects.requireNonNull(a);
      long grows = (b == null ? 0 : b.number()) - (a == null ? 0 : a.number());
      if (grows == 0 || some.direction() == Settings.Direction.UNCLEAR) {
        wider = true;
        narrower = true;
      } else if ((grows > 0) == (some.direction() == Settings.Direction.MORE_IS_WIDER)) {
        wider = true;
      } else {
        narrower = true;
      }
    }
    return wider ? narrower ? Way.BOTH : Way.WIDER : Way.NARROWER;
  }
}
