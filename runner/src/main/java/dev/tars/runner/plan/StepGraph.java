package dev.tars.runner.plan;

import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.Nearest;
import dev.tars.runner.yaml.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Dependencies between steps. */
final class StepGraph {
  private StepGraph() {}

  /** The steps so that each comes after what it depends on, otherwise as written. */
  static List<Step> order(List<Step> steps, Problems problems) {
    Map<String, Step> byId = new LinkedHashMap<>();
    for (Step step : steps) {
      if (byId.putIfAbsent(step.id(), step) != null) {
        problems.add(step.at(), "two steps have the id '" + step.id() + "'", "give one another id");
      }
    }
    for (Step step : steps) {
      for (Step.Dependency dependency : step.dependsOn()) {
        check(step, dependency, byId, problems);
      }
    }
    if (!problems.isEmpty()) {
      return steps;
    }
    List<Step> ordered = new ArrayList<>();
    Set<String> done = new HashSet<>();
    List<Step> waiting = new ArrayList<>(steps);
    while (!waiting.isEmpty()) {
      int before = ordered.size();
      for (Iterator<Step> i = waiting.iterator(); i.hasNext(); ) {
        Step step = i.next();
        if (step.dependsOn().stream().allMatch(d -> done.contains(d.step()))) {
          ordered.add(step);
          done.add(step.id());
          i.remove();
          break; // the first that is ready: the order stays as written
        }
      }
      if (ordered.size() == before) {
        List<String> cycle = cycle(steps, done);
        problems.add(
            java.util.Objects.requireNonNull(byId.get(cycle.getFirst())).at(),
            "steps depend on each other in a cycle: " + String.join(" -> ", cycle),
            "take one of these dependencies out");
        return steps;
      }
    }
    return ordered;
  }

  private static void check(
      Step step, Step.Dependency dependency, Map<String, Step> byId, Problems problems) {
    if (dependency.step().equals(step.id())) {
      problems.add(
          step.at(), "step '" + step.id() + "' depends on itself", "take the dependency out");
      return;
    }
    Step other = byId.get(dependency.step());
    if (other == null) {
      problems.add(
          step.at(),
          "step '"
              + step.id()
              + "' depends on '"
              + Escape.line(dependency.step())
              + "', which does not exist",
          Nearest.of(dependency.step(), byId.keySet())
              .map(n -> "did you mean '" + n + "'?")
              .orElse("name a step of this file"));
      return;
    }
    if (other.type() == StepType.APPROVAL && step.type() != StepType.NOTIFICATION) {
      problems.add(
          step.at(),
          "step '" + step.id() + "' depends on the approval '" + other.id() + "'",
          "only Notification steps may; an approval never pauses a run");
    }
  }

  /** Follows dependencies that are not done until a step comes again. */
  private static List<String> cycle(List<Step> steps, Set<String> done) {
    Map<String, Step> open = new LinkedHashMap<>();
    steps.stream().filter(s -> !done.contains(s.id())).forEach(s -> open.put(s.id(), s));
    List<String> path = new ArrayList<>();
    String at = open.keySet().iterator().next();
    while (!path.contains(at)) {
      path.add(at);
      at =
          java.util.Objects.requireNonNull(open.get(at)).dependsOn().stream()
              .map(Step.Dependency::step)
              .filter(open::containsKey)
              .findFirst()
              .orElseThrow();
    }
    List<String> cycle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
    cycle.add(at);
    return cycle;
  }
}
