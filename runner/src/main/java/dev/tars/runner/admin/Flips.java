package dev.tars.runner.admin;

import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The requests that two policies decide differently, and the rules that took part in it. */
final class Flips {
  private final Map<Group, Difference> groups = new LinkedHashMap<>();
  private final Map<String, Flip> byRule = new HashMap<>();
  private final Set<String> kinds = new HashSet<>();

  private record Group(Way way, String kind, String before, String after) {}

  /** What a rule has to do with, all requests taken together, and the first of them. */
  record Flip(Way way, String example) {}

  private Flips() {}

  static Flips of(EffectivePolicy before, EffectivePolicy after, List<Request> requests) {
    Flips flips = new Flips();
    Decider old = new Decider(before);
    Decider now = new Decider(after);
    for (Request request : requests) {
      Decision was = old.decide(request);
      Decision is = now.decide(request);
      if (!same(was, is)) {
        flips.add(request, was, is);
      }
    }
    return flips;
  }

  static boolean same(Decision was, Decision is) {
    return was.effect() == is.effect() && was.approvals().equals(is.approvals());
  }

  /** One for each pair of decisions. */
  List<Difference> grouped() {
    return List.copyOf(groups.values());
  }

  Optional<Flip> of(String rule) {
    return Optional.ofNullable(byRule.get(rule));
  }

  /** True if a request of this kind is decided differently. */
  boolean any(String kind) {
    return kinds.contains(kind);
  }

  private void add(Request request, Decision was, Decision is) {
    Way way = request instanceof Request.Scratch ? Way.CHANGED : way(was, is);
    String kind = Requests.kind(request);
    String line = Requests.line(request);
    kinds.add(kind);
    groups.merge(
        new Group(way, kind, shown(was), shown(is)),
        new Difference(
            way,
            kind + " " + was.deciding().rule() + " -> " + is.deciding().rule(),
            new Difference.Side(shown(was), was.deciding().at().toString()),
            new Difference.Side(shown(is), is.deciding().at().toString()),
            line,
            1),
        (first, again) -> first.again());
    Set<String> rules = new HashSet<>();
    was.matches().forEach(m -> rules.add(m.rule()));
    is.matches().forEach(m -> rules.add(m.rule()));
    rules.forEach(rule ->
        byRule.merge(
            rule, new Flip(way, line), (a, b) -> new Flip(a.way().and(b.way()), a.example())));
  }

  static Way way(Decision was, Decision is) {
    int by = is.effect().compareTo(was.effect());
    if (by != 0) {
      return by < 0 ? Way.WIDER : Way.NARROWER;
    }
    boolean more = is.approvals().containsAll(was.approvals());
    boolean fewer = was.approvals().containsAll(is.approvals());
    return more ? Way.NARROWER : fewer ? Way.WIDER : Way.BOTH;
  }

  private static String shown(Decision decision) {
    String approvals =
        decision.effect() == Effect.ASK && !decision.approvals().isEmpty()
            ? " for " + String.join(", ", decision.approvals())
            : "";
    return DecisionRecord.word(decision.effect()) + approvals + " by " + decision.deciding().rule();
  }
}
