package dev.tars.runner.sandbox;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.ResourceLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A sandbox without an engine: boxes are programs in Java, layers are the real ones. It refuses
 * whatever a caller may not do with a {@link Misuse}, which no caller catches.
 */
final class FakeSandbox implements Sandbox {
  private static final int OWN_UID = ownUid();
  private static final int UID = OWN_UID == 0 ? 65532 : OWN_UID;

  private final FakeEngine engine;
  private final Path state;
  private final Set<String> looked = new HashSet<>();
  private boolean closed;

  FakeSandbox(FakeEngine engine, Path state) {
    this.engine = engine;
    this.state = state;
  }

  /** A caller broke the contract of {@link Sandbox}. */
  static final class Misuse extends AssertionError {
    private static final long serialVersionUID = 1;

    Misuse(String what) {
      super("misuse of the sandbox: " + what);
    }
  }

  static void require(boolean holds, String broken) {
    if (!holds) {
      throw new Misuse(broken);
    }
  }

  private record Proven(String image, ResourceLimits limits) {
    /** A deadline is no wall: each command has its own. */
    static Proven of(String image, ResourceLimits l) {
      return new Proven(
          image,
          new ResourceLimits(
              l.milliCpus(),
              l.memory(),
              l.pids(),
              l.disk(),
              l.inodes(),
              l.openFiles(),
              l.output(),
              l.tmp(),
              Duration.ZERO,
              l.walls()));
    }
  }

  @Override
  public ImageFacts image(String reference) {
    requireOpen();
    String id = engine.images.get(reference);
    if (id == null) {
      throw new RunnerException(
          FailureCode.IMAGE_MISSING, "the engine has no image " + reference, "name another one");
    }
    looked.add(id);
    return new ImageFacts(id, reference, UID, UID);
  }

  @Override
  public Isolation isolation() {
    requireOpen();
    return new Isolation(Map.of("engine", "fake"), List.of());
  }

  @Override
  public Isolation prove(ImageFacts image, ResourceLimits limits) {
    requireOpen();
    require(looked.contains(image.id()), "an image is proven that nobody looked at");
    engine.proven.add(Proven.of(image.id(), limits));
    return new Isolation(Map.of("engine", "fake", "selfTest", "passed"), List.of());
  }

  @Override
  public SandboxOutcome run(SandboxSpec spec, OutputSink sink, BooleanSupplier cancelled) {
    requireOpen();
    require(looked.contains(spec.image()), "an image runs that nobody looked at");
    require(
        engine.proven.contains(Proven.of(spec.image(), spec.limits())),
        "a box runs that is not proven");
    SpecRules.require(spec, state);
    FakeBox box = new FakeBox(spec, sink, cancelled, UID);
    FakeEngine.Program program = engine.programs.get(spec.argv());
    if (program == null) {
      return box.printError("no such program: " + spec.argv() + "\n").exit(127);
    }
    engine.started(spec);
    Set<Path> uppers = new HashSet<>();
    try {
      for (LayerMount layer : spec.layers()) {
        require(engine.mounted.add(layer.upper()), "two boxes on one layer: " + layer.upper());
        uppers.add(layer.upper());
        mount(layer.work());
      }
      return program.run(box);
    } finally {
      engine.mounted.removeAll(uppers);
    }
  }

  /** The kernel leaves a directory of its own in it. */
  private void mount(Path work) {
    try {
      if (engine.usedWork.add(work)) {
        Files.createDirectory(work.resolve("work"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void emptyWork(Path work) {
    requireOpen();
    require(
        work.startsWith(state)
            && work.endsWith("work")
            && Files.isDirectory(work, LinkOption.NOFOLLOW_LINKS)
            && Files.isDirectory(work.resolveSibling("upper"), LinkOption.NOFOLLOW_LINKS),
        "it is no work directory of a layer: " + work);
    require(!engine.mounted.contains(work.resolveSibling("upper")), "it is mounted: " + work);
    try {
      Files.deleteIfExists(work.resolve("work"));
      try (Stream<Path> left = Files.list(work)) {
        require(left.findAny().isEmpty(), "somebody else wrote to it: " + work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    engine.usedWork.remove(work);
  }

  @Override
  public List<String> sweep(boolean dryRun) {
    requireOpen();
    List<String> found = List.copyOf(engine.dead);
    if (!dryRun) {
      engine.dead.clear();
    }
    return found;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() {
    require(!closed, "it is closed");
  }

  private static int ownUid() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
