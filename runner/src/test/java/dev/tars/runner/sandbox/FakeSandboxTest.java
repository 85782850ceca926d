package dev.tars.runner.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fake keeps the contract, and refuses a caller who does not. */
class FakeSandboxTest {
  private static final ResourceLimits LIMITS =
      new ResourceLimits(
          1000,
          ByteCount.mebibytes(256),
          64,
          ByteCount.mebibytes(64),
          10_000,
          256,
          new ByteCount(100_000),
          ByteCount.mebibytes(16),
          Duration.ofMinutes(1));

  @Nested
  class Contract extends SandboxContractTest {
    @Override
    protected Sandbox connect(StoreLayout layout, FakeEngine fake) {
      return fake.connect(layout);
    }

    @Override
    protected String reference() {
      return FakeEngine.IMAGE;
    }
  }

  @TempDir private Path temp;
  private final FakeEngine engine = new FakeEngine().on("ok", box -> box.exit(0));
  private Sandbox sandbox;
  private Path home;
  private Path lower;

  @BeforeEach
  void connect() throws IOException {
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    sandbox = engine.connect(layout);
    lower = Files.createDirectory(layout.root().resolve("lower"));
    home = layer("layer");
  }

  private Path layer(String name) throws IOException {
    Path made = Files.createDirectory(lower.resolveSibling(name));
    Files.createDirectory(made.resolve("upper"));
    Files.createDirectory(made.resolve("work"));
    return made;
  }

  @Test
  void aBoxRunsOnlyOfAnImageThatWasLookedAtAndProven() {
    String id = "sha256:" + "1".repeat(64);
    refused(this::run, "nobody looked at");
    refused(
        () -> sandbox.prove(new Sandbox.ImageFacts(id, FakeEngine.IMAGE, 1, 1), LIMITS),
        "nobody looked at");
    Sandbox.ImageFacts image = sandbox.image(FakeEngine.IMAGE);
    refused(this::run, "not proven");
    Sandbox.Isolation _ = sandbox.prove(image, LIMITS);
    assertThat(run()).isInstanceOf(SandboxOutcome.Exited.class);
    assertThat(engine.purposes()).containsExactly("step:one");
  }

  @Test
  void twoBoxesNeverRunOnOneLayer() {
    prove();
    engine.on("ok", box -> run());
    refused(this::run, "two boxes on one layer");
  }

  @Test
  void aLayerThatIsBeingWrittenIsNotMounted() throws IOException {
    prove();
    Path half = Files.createFile(home.resolve("upper/.tars-new-1"));
    refused(this::run, "is being written");
    Files.delete(half);
    try (var _ = Files.newOutputStream(home.resolve("upper/open"))) {
      refused(this::run, "is open");
    }
    assertThat(run()).isInstanceOf(SandboxOutcome.Exited.class);
  }

  @Test
  void aSpecThatBreaksItsContractIsRefused() throws IOException {
    prove();
    SandboxSpec good = spec();
    LayerMount layer = good.layers().getFirst();
    refused(() -> run(with(good, List.of(), "/workspace", "CTX-1")), "no command");
    refused(() -> run(with(good, List.of("a\0b"), "/workspace", "CTX-1")), "a NUL");
    refused(() -> run(with(good, good.argv(), "relative", "CTX-1")), "not a directory of the box");
    refused(() -> run(with(good, good.argv(), "/workspace/../etc", "CTX-1")), "not a directory");
    refused(() -> run(with(good, good.argv(), "/etc", "CTX-1")), "not run in the workspace");
    refused(() -> run(with(good, good.argv(), "/workspace", "me")), "belongs to nobody");
    refused(() -> run(good.withLayers(List.of())), "not the first layer");
    refused(() -> run(good.withLayers(List.of(layer, layer))), "two layers at one place");
    refused(() -> run(good.withLayers(List.of(on(List.of(), home)))), "a layer on nothing");
    refused(() -> run(good.withLayers(List.of(on(List.of(temp), home)))), "no directory of");
    LayerMount mixed =
        new LayerMount("/workspace", layer.lowers(), layer.upper(), layer("other").resolve("work"));
    refused(() -> run(good.withLayers(List.of(mixed))), "of two layers");
    assertThat(engine.boxes()).isEmpty();
  }

  @Test
  void onlyTheWorkDirectoryOfALayerIsEmptied() {
    prove();
    refused(() -> sandbox.emptyWork(home.resolve("upper")), "no work directory");
    refused(() -> sandbox.emptyWork(temp.resolve("work")), "no work directory");
    refused(() -> sandbox.emptyWork(lower.resolve("work")), "no work directory");
    engine.on(
        "ok",
        box -> {
          sandbox.emptyWork(home.resolve("work"));
          return box.exit(0);
        });
    refused(this::run, "it is mounted");
  }

  @Test
  void whatIsLeftInTheEngineIsSeen() {
    prove();
    assertThat(run()).isInstanceOf(SandboxOutcome.Exited.class);
    assertThat(engine.leftovers()).singleElement().asString().startsWith("not discarded: ");
    sandbox.emptyWork(home.resolve("work"));
    assertThat(engine.leftovers()).isEmpty();
    engine.leave("container tars-1");
    assertThat(sandbox.sweep(true)).containsExactly("container tars-1");
    assertThat(engine.leftovers()).containsExactly("container tars-1");
    assertThat(sandbox.sweep(false)).containsExactly("container tars-1");
    assertThat(engine.leftovers()).isEmpty();
  }

  @Test
  void afterItIsClosedNothingIsAskedOfIt() {
    prove();
    sandbox.close();
    refused(this::run, "it is closed");
    refused(() -> sandbox.image(FakeEngine.IMAGE), "it is closed");
    refused(() -> sandbox.emptyWork(home.resolve("work")), "it is closed");
    refused(() -> sandbox.sweep(true), "it is closed");
  }

  private void prove() {
    Sandbox.Isolation _ = sandbox.prove(sandbox.image(FakeEngine.IMAGE), LIMITS);
  }

  private SandboxOutcome run() {
    return run(spec());
  }

  private SandboxOutcome run(SandboxSpec spec) {
    return sandbox.run(spec, (stream, bytes, offset, length) -> {}, () -> false);
  }

  private SandboxSpec spec() {
    return new SandboxSpec(
        "sha256:" + "1".repeat(64),
        List.of("sh", "-c", "ok"),
        "/workspace",
        Map.of(),
        List.of(on(List.of(lower), home)),
        LIMITS,
        new SandboxSpec.Owner("CTX-1", "step:one"));
  }

  private static SandboxSpec with(SandboxSpec spec, List<String> argv, String cwd, String context) {
    return new SandboxSpec(
        spec.image(),
        argv,
        cwd,
        spec.env(),
        spec.layers(),
        spec.limits(),
        new SandboxSpec.Owner(context, "step:one"));
  }

  private static LayerMount on(List<Path> lowers, Path home) {
    return new LayerMount("/workspace", lowers, home.resolve("upper"), home.resolve("work"));
  }

  private static void refused(ThrowingCallable call, String why) {
    assertThatThrownBy(call).isInstanceOf(FakeSandbox.Misuse.class).hasMessageContaining(why);
  }
}
