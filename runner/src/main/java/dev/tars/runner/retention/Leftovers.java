package dev.tars.runner.retention;

import dev.tars.runner.context.Contexts;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.ProcessUser;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What dead runs left: containers, volumes and layers. */
public final class Leftovers {
  private static final String LAYERS = "layer|cache-[0-9]+|room-[0-9]+";

  private final Workbench bench;

  public Leftovers(Workbench bench) {
    this.bench = bench;
  }

  /** Asks the engine only if a context shows that its process died. */
  public void removeIfAny() {
    if (!lost().isEmpty()) {
      List<String> _ = bench.sandbox().get().sweep(false);
      removeLayers(false);
    }
  }

  public Collected collect(boolean dryRun, RetentionLimits limits) {
    List<String> removed = new ArrayList<>(bench.sandbox().get().sweep(dryRun));
    removed.addAll(removeLayers(dryRun));
    Collector.Collected collected = new Collector(bench, limits).collect(dryRun);
    removed.addAll(collected.removed());
    return new Collected(
        dryRun, removed, collected.kept(), collected.before(), collected.after(), limits.maxDisk());
  }

  private List<ContextDir> lost() {
    Contexts contexts = new Contexts(bench.layout());
    List<ContextDir> lost = new ArrayList<>();
    for (ContextId id : bench.layout().running()) {
      ContextDir dir = bench.layout().context(id);
      if (isOurs(dir) && !contexts.isAlive(dir)) {
        lost.add(dir);
      }
    }
    return lost;
  }

  /** In a shared state directory only who ran it, or root, can remove the layers of a run. */
  private boolean isOurs(ContextDir context) {
    ProcessUser us = ProcessUser.current();
    try (Disk.Dir dir = bench.layout().disk().open(context.path())) {
      return us.isRoot() || bench.layout().disk().stat(dir).uid() == us.uid();
    }
  }

  private List<String> removeLayers(boolean dryRun) {
    List<String> removed = new ArrayList<>();
    Disk disk = bench.layout().disk();
    for (ContextDir context : lost()) {
      boolean kept = new Contexts(bench.layout()).isKept(context);
      for (Bytes name : kept ? List.<Bytes>of() : layers(context)) {
        removed.add("layer " + context.id() + "/" + name);
        if (!dryRun) {
          Path layer = context.path().resolve(name.lossyText());
          if (isWhole(layer)) {
            bench.sandbox().get().emptyWork(layer.resolve("work"));
          }
          try (Disk.Dir dir = disk.open(context.path())) {
            Directories.remove(disk, dir, name);
          }
        }
      }
      if (!dryRun) {
        bench.layout().unmarkRunning(context.id());
      }
    }
    return removed;
  }

  /** A process that died while it made a layer left only some of it, and no box had that. */
  private static boolean isWhole(Path layer) {
    return Files.isDirectory(layer.resolve("work"), LinkOption.NOFOLLOW_LINKS)
        && Files.isDirectory(layer.resolve("upper"), LinkOption.NOFOLLOW_LINKS);
  }

  private List<Bytes> layers(ContextDir context) {
    Disk disk = bench.layout().disk();
    try (Disk.Dir dir = disk.open(context.path())) {
      return disk.list(dir).stream()
          .map(Disk.DirEntry::name)
          .filter(n -> n.lossyText().matches(LAYERS))
          .toList();
    }
  }
}
