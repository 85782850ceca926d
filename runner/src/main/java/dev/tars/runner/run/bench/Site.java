package dev.tars.runner.run.bench;

import dev.tars.runner.context.RunContext;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.workspace.Baseline;

/**
 * What the boxes of a run share, and what no stage after it may change. Making one proves that
 * boxes are as closed as they must be: there is no other way to come to a box.
 *
 * @param isolation what is in force, for the evidence
 */
public record Site(
    EffectivePolicy policy,
    Sandbox.ImageFacts image,
    Baseline tree,
    Sandbox.Isolation isolation,
    CacheLayers caches) {

  /**
   * A site on a tree.
   *
   * @throws dev.tars.runner.model.RunnerException ISOLATION_DIFFERS, ENGINE_UNSUITABLE,
   *     CACHE_MISSING
   */
  public static Site on(
      Baseline tree,
      Sandbox.ImageFacts image,
      EffectivePolicy policy,
      RunContext context,
      Workbench bench) {
    Sandbox.Isolation isolation = bench.sandbox().get().prove(image, policy.resources());
    CacheLayers caches = new CacheLayers(bench, policy.caches(), image, context.dir().path());
    return new Site(policy, image, tree, isolation, caches);
  }
}
