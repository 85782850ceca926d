package dev.tars.runner.run.bench;

import dev.tars.runner.policy.CacheMount;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.validation.SandboxBox;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Layer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Fresh layers on the imported caches that a policy names. Nobody sees what another one wrote. */
public final class CacheLayers implements SandboxBox.Caches {
  private final Workbench bench;
  private final Sandbox.ImageFacts image;
  private final Path home;
  private final List<Opened> caches;
  private final AtomicInteger number = new AtomicInteger();

  private record Opened(CacheMount mount, Baseline content) {}

  /** Opens the caches; throws CACHE_MISSING for the first that was never imported. */
  CacheLayers(Workbench bench, List<CacheMount> mounts, Sandbox.ImageFacts image, Path home) {
    this.bench = bench;
    this.image = image;
    this.home = home;
    Caches all = new Caches(bench);
    this.caches = mounts.stream().map(m -> new Opened(m, all.open(m.name()))).toList();
  }

  /** The names and digests of the caches: what a kept result depends on. */
  public String identity() {
    return caches.stream()
        .map(c -> c.mount().name() + "=" + c.content().digest())
        .toList()
        .toString();
  }

  @Override
  public SandboxBox.Fresh fresh() {
    List<Layer> layers = new ArrayList<>();
    List<LayerMount> mounts = new ArrayList<>();
    for (Opened cache : caches) {
      Path at = home.resolve("cache-" + number.incrementAndGet());
      Layer layer =
          Layer.create(bench.layout().disk(), at, cache.content(), image.uid(), image.gid());
      layers.add(layer);
      mounts.add(
          new LayerMount(cache.mount().target(), layer.lowers(), layer.upper(), layer.work()));
    }
    return new SandboxBox.Fresh(
        mounts, () -> layers.forEach(l -> l.discard(bench.sandbox().get()::emptyWork)));
  }
}
