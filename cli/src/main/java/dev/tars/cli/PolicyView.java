package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.EffectiveValues;
import dev.tars.runner.model.Escape;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.ArrayList;
import java.util.List;

/** A policy on the screen. */
final class PolicyView {
  private final EffectivePolicy policy;

  PolicyView(EffectivePolicy policy) {
    this.policy = policy;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("layers     " + String.join(", ", policy.layers()));
    lines.add("digest     " + policy.digest());
    lines.add("image      " + Escape.line(policy.image()));
    lines.add("resources  " + policy.resources());
    lines.add("limits     " + policy.changeLimits());
    policy.caches().forEach(c -> lines.add("cache      " + c.name() + " at " + c.target()));
    policy.gates().forEach(g -> lines.add("gate       " + g.id() + " (" + g.at() + ")"));
    lines.add("approval   " + policy.approval());
    return lines;
  }

  List<String> effectiveLines() {
    return new EffectiveValues(policy).lines();
  }

  ObjectNode effectiveJson() {
    return new EffectiveValues(policy).json();
  }
}
