package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.BoxWalls;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.EgressTable;
import dev.tars.runner.sandbox.NetworkWay;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Boxes of a Docker engine. */
public final class DockerSandbox implements Sandbox {
  private static final int BOX_USER = 65532;

  private final EngineClient engine;
  private final StoreLayout layout;
  private final Labels labels;
  private final Seccomp seccomp;
  private final LayerPaths paths;
  private volatile List<String> hosts = List.of();
  private final AheadOfTime<String, JsonNode> images = new AheadOfTime<>(_ -> {});
  private final AheadOfTime<SandboxSpec, ContainerRun> boxes =
      new AheadOfTime<>(ContainerRun::remove);
  private volatile @Nullable RunnerException lost;

  /** Of the last run: it is there, and what a janitor needs every image has. */
  private volatile String lastImage = EffectivePolicy.DEFAULT_IMAGE;

  private DockerSandbox(EngineClient engine, StoreLayout layout) {
    this.engine = engine;
    this.layout = layout;
    this.labels = Labels.ofThisProcess(layout.root());
    this.seccomp = Seccomp.strict();
    this.paths = new LayerPaths(layout.disk(), layout.root());
  }

  /** Connects lazily: an engine that does not answer is an error of the first call. */
  public static DockerSandbox connect(Optional<String> dockerHost, StoreLayout layout) {
    return new DockerSandbox(EngineClient.to(dockerHost), layout);
  }

  @Override
  public ImageFacts image(String reference) {
    JsonNode image = images.take(reference).orElseGet(() -> look(reference));
    List<String> volumes = new ArrayList<>();
    image.at("/Config/Volumes").fieldNames().forEachRemaining(volumes::add);
    if (!volumes.isEmpty()) {
      throw RunnerException.of(
              FailureCode.IMAGE_REFUSED,
              "the image "
                  + Escape.line(reference)
                  + " declares volumes: "
                  + Escape.line(String.join(", ", volumes)))
          .note("such a directory is writable and unbounded, also under a read-only root")
          .help("build the image again without VOLUME");
    }
    int uid = ownId("uid");
    int gid = ownId("gid");
    boolean own = uid != 0 && gid != 0;
    return new ImageFacts(
        image.path("Id").asText(), reference, own ? uid : BOX_USER, own ? gid : BOX_USER);
  }

  @Override
  public void expect(String reference) {
    images.make(reference, () -> look(reference));
  }

  private JsonNode look(String reference) {
    return engine.ask("look at an image", () -> inspect(reference));
  }

  private JsonNode inspect(String reference) {
    try {
      return engine.fetch("/images/" + EngineClient.inPath(reference) + "/json");
    } catch (NotFoundException e) {
      throw RunnerException.of(
              FailureCode.IMAGE_MISSING, "the engine has no image " + Escape.line(reference))
          .note("images are never pulled during a run")
          .cause(e)
          .help("build the default with scripts/provision, or name one that the engine has");
    }
  }

  private static int ownId(String which) {
    try {
      return (int) java.nio.file.Files.getAttribute(Path.of("/proc/self"), "unix:" + which);
    } catch (java.io.IOException e) {
      return 0; // then the box user is used, which is never root
    }
  }

  @Override
  public SandboxOutcome run(SandboxSpec spec, OutputSink sink, BooleanSupplier cancelled) {
    lastImage = spec.image();
    try {
      return once(spec, sink, cancelled);
    } catch (LayerNotMounted e) {
      if (!paths.areHidden()) {
        throw notMounted(e);
      }
    }
    paths.show();
    boxes.clear(); // they were made with paths that this engine does not see
    try {
      return once(spec, sink, cancelled);
    } catch (LayerNotMounted e) {
      throw notMounted(e);
    }
  }

  private static RunnerException notMounted(LayerNotMounted e) {
    return RunnerException.of(
            FailureCode.ENGINE_UNSUITABLE, "the engine cannot mount the layer: " + e.getMessage())
        .cause(e)
        .note("the engine must see this machine's file system; remote engines do not")
        .help("put the state directory where the engine can see it (--state-dir)");
  }

  @Override
  public void prepare(SandboxSpec spec) {
    boxes.make(spec, () -> made(spec));
  }

  /** A container that is as was asked for, and not started. */
  private ContainerRun made(SandboxSpec spec) {
    String user = boxUser();
    ContainerRequest request =
        new ContainerRequest(
            spec.withLayers(paths.of(spec.layers())),
            labels.of(spec.owner()),
            user,
            seccomp.json());
    String id =
        engine.post("create a container", "/containers/create", request.body()).path("Id").asText();
    ContainerRun run = new ContainerRun(engine, layout.disk(), spec, id);
    try {
      Walls.require(request, user, engine.container(id));
      return run;
    } catch (RuntimeException e) {
      run.remove();
      throw e;
    }
  }

  private SandboxOutcome once(SandboxSpec spec, OutputSink sink, BooleanSupplier cancelled) {
    ContainerRun run = boxes.take(spec).orElseGet(() -> made(spec));
    try {
      return run.toTheEnd(sink, cancelled);
    } catch (RunnerException e) {
      if (e.code() == FailureCode.ENGINE_UNREACHABLE || e.code() == FailureCode.ENGINE_LOST) {
        lost = e; // it may have been started; one that was only made has no layer mounted
      }
      throw e;
    } finally {
      run.remove(); // before anything is read: only then its layer is surely not mounted
    }
  }

  private static String boxUser() {
    int uid = ownId("uid");
    int gid = ownId("gid");
    return uid != 0 && gid != 0 ? uid + ":" + gid : BOX_USER + ":" + BOX_USER;
  }

  @Override
  public NetworkWay open(EgressTable table, SandboxSpec.Owner owner) {
    return DockerWay.begin(
        new EgressEngine(engine, labels.of(owner), seccomp.json(), hosts), table);
  }

  @Override
  public Isolation isolation() {
    return new EngineFacts(engine).isolation();
  }

  @Override
  public Isolation prove(ImageFacts image, ResourceLimits limits) {
    return new ProvenIsolation(layout, engine, labels.bootId())
        .of(
            image,
            limits,
            () -> {
              limits.walls().runtime().ifPresent(this::requireRuntime);
              Isolation claimed = isolation();
              Map<String, String> facts = new TreeMap<>(claimed.facts());
              facts.putAll(new SelfTest(this, layout).run(image, limits));
              limits.walls().runtime().ifPresent(name -> facts.put("runtime", name));
              if (limits.walls().seccomp() == BoxWalls.Seccomp.ENGINE_DEFAULT) {
                facts.put("seccomp", "the engine's own list, in force");
              }
              facts.put("hostPaths", paths.areHidden() ? "hidden" : "shown in /proc/mounts");
              return new Isolation(facts, claimed.missing());
            });
  }

  /** Exactly the runtime that the policy names, never another one in its place. */
  private void requireRuntime(String name) {
    Set<String> known = runtimes();
    if (!known.contains(name)) {
      throw RunnerException.of(
              FailureCode.ENGINE_UNSUITABLE,
              "the engine has no runtime " + name + ", which the policy asks for")
          .note("it has: " + Escape.line(String.join(", ", known)))
          .note("another one is never used in its place; nothing has run")
          .help("add it to the engine, or name another one in runtime.runtime");
    }
  }

  /** The names of the runtimes that the engine has. */
  Set<String> runtimes() {
    Set<String> names = new TreeSet<>();
    engine
        .get("describe itself", "/info")
        .path("Runtimes")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  @Override
  public void emptyWork(Path work) {
    RunnerException gone = lost;
    if (gone != null) {
      throw gone; // a container may still have the layer: the next command removes it
    }
    Disk disk = layout.disk();
    try (Disk.Dir home = disk.open(java.util.Objects.requireNonNull(work.getParent()));
        Disk.Dir dir = disk.open(work)) {
      if (!Labels.weAreRoot()) {
        if (!disk.list(dir).isEmpty()) {
          // The directories around it keep all others out.
          disk.chmod(home, Bytes.utf8(String.valueOf(work.getFileName())), 0777);
          new Janitor(engine, labels, seccomp.json()).empty(work, lastImage);
        }
        return;
      }
      for (Disk.DirEntry entry : disk.list(dir)) {
        Directories.remove(disk, dir, entry.name());
      }
    }
  }

  @Override
  public List<String> sweep(boolean dryRun) {
    return new Sweep(engine, labels).run(dryRun);
  }

  /** Makes proxies know names that no resolver does, as {@code name:address}; for tests. */
  void knowing(List<String> names) {
    hosts = List.copyOf(names);
  }

  LayerPaths paths() {
    return paths;
  }

  @Override
  public void close() {
    images.abandon(); // an engine that hangs must not hold up who needs nothing of it
    boxes.close();
    paths.close();
    engine.close();
  }
}
