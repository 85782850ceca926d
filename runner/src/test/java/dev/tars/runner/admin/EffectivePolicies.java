package dev.tars.runner.admin;

import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import java.nio.file.Path;
import java.util.Map;

/** Loads a policy file by itself. */
final class EffectivePolicies {
  private EffectivePolicies() {}

  static EffectivePolicy alone(ToolBench bench, Path file) {
    return PolicyLoader.unenforced(
            new PolicySources(bench.workspace, bench.base, Map.of(), bench.base.resolve("home")))
        .alone(file.toString());
  }
}
