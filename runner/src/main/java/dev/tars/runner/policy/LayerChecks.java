package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.yaml.Problems;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can only be seen when all layers are read. */
final class LayerChecks {
  private LayerChecks() {}

  /**
   * An inner layer replaces nothing, so an id that an outer one has is an error and not a second
   * meaning; and what is named must be there, or the rule that names it would hold nobody up.
   */
  static void check(List<PolicyLayer> layers, Problems problems) {
    conflicts(layers, problems);
    Map<String, Gate> gates = new HashMap<>();
    Map<String, ApprovalRules.GateOverride> overrides = new HashMap<>();
    Map<String, SourcePosition> names = new HashMap<>();
    Set<String> approvals = new HashSet<>();
    for (PolicyLayer layer : layers) {
      RuleReach.check(layer, problems);
      for (Gate gate : layer.gates.values()) {
        Gate outer = gates.putIfAbsent(gate.id(), gate);
        if (outer != null) {
          problems.add(
              gate.at(),
              "the gate '" + gate.id() + "' is there already, at " + outer.at(),
              "choose another id: a layer can add gates, not replace them");
        }
      }
      layer.channels.forEach(
          (name, channel) -> single(names, "channel", name, channel.at(), problems));
      layer.handlers.forEach(
          (name, handler) -> single(names, "handler", name, handler.at(), problems));
      for (ApprovalRules.GateOverride override : layer.overrides) {
        single(names, "override of the gate", override.gate(), override.at(), problems);
        overrides.put(override.gate(), override);
        Gate gate = gates.get(override.gate());
        if (gate != null && !layer.gates.containsKey(override.gate())) {
          problems.add(
              override.at(),
              "the gate '" + override.gate() + "' is of an outer layer, at " + gate.at(),
              "only the layer that demands a gate, or one outside it, can let it be overridden");
        }
      }
      for (ApprovalRules.Rule rule : layer.approvalRules.values()) {
        if (!approvals.add(rule.id())) {
          problems.add(
              rule.at(),
              "the approval rule '" + rule.id() + "' is there already, in an outer layer",
              "choose another id");
        }
      }
      for (PolicyLayer.Placed<String> named : layer.approvalsNamed) {
        if (!approvals.contains(named.value())) {
          problems.add(
              named.at(),
              "there is no approval rule '" + named.value() + "'",
              "define it below approval.rules");
        }
      }
      for (PolicyLayer.Placed<String> named : layer.afterCheck) {
        if (gates.get(named.value()) instanceof Gate.Expression) {
          problems.add(
              named.at(),
              "the gate '" + named.value() + "' looks at the change, not at the workspace",
              "name a gate that runs a command");
        }
        if (!gates.containsKey(named.value())) {
          problems.add(
              named.at(),
              "there is no gate '" + named.value() + "'",
              "name a gate of validation.gates");
        }
      }
    }
    for (ApprovalRules.GateOverride override : overrides.values()) {
      if (!gates.containsKey(override.gate())) {
        problems.add(
            override.at(),
            "there is no gate '" + override.gate() + "'",
            "name a gate of validation.gates");
      }
    }
  }

  /** A name means one thing in all layers. */
  private static void single(
      Map<String, SourcePosition> names,
      String what,
      String name,
      SourcePosition at,
      Problems problems) {
    SourcePosition outer = names.putIfAbsent(what + " " + name, at);
    if (outer != null) {
      problems.add(
          at, "the " + what + " '" + name + "' is there already, at " + outer, "keep one of them");
    }
  }

  /** Two layers cannot both decide what is one thing: which one would hold? */
  private static void conflicts(List<PolicyLayer> layers, Problems problems) {
    Map<String, PolicyLayer.Placed<String>> said = new HashMap<>();
    for (PolicyLayer layer : layers) {
      layer.image.ifPresent(image -> same("runtime.images", image, said, problems));
      layer.runtime.ifPresent(runtime -> same("runtime.runtime", runtime, said, problems));
      layer.upstream.ifPresent(upstream ->
          same(
              "network.upstream",
              new PolicyLayer.Placed<>(
                  upstream.host() + ":" + upstream.port() + upstream.credentials(), upstream.at()),
              said,
              problems));
      layer.environment.forEach(
          (name, value) -> same("environment.set." + name, value, said, problems));
      layer.caches.forEach((name, cache) ->
          same(
              "the cache " + name,
              new PolicyLayer.Placed<>(cache.target(), cache.at()),
              said,
              problems));
    }
  }

  private static void same(
      String what,
      PolicyLayer.Placed<String> value,
      Map<String, PolicyLayer.Placed<String>> said,
      Problems problems) {
    PolicyLayer.Placed<String> outer = said.putIfAbsent(what, value);
    if (outer != null && !outer.value().equals(value.value())) {
      problems.add(
          value.at(),
          what + " is something else in an outer layer, at " + outer.at(),
          "take it out, or write what the outer layer says");
    }
  }
}
