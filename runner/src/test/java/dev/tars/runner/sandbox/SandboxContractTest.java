package dev.tars.runner.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSetReader;
import dev.tars.runner.workspace.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What callers of a {@link Sandbox} rely on, for the one of an engine and for the fake: each
 * command is given twice, as a shell runs it and as a program of the fake.
 */
public abstract class SandboxContractTest {
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
  private static final String EVERYTHING =
      "echo more >> a.txt; rm b.txt; echo new > new.txt; rm -r gone; mkdir -p made/below;"
          + " echo x > made/below/x; rm -r again; mkdir again; echo y > again/y;"
          + " ln -s a.txt link; chmod 755 run.sh; rm file; mkdir file";

  @TempDir private Path temp;
  private StoreLayout layout;
  private Sandbox sandbox;
  private Sandbox.ImageFacts image;
  private Baseline baseline;
  private Layer layer;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Connects to the engine under test; {@code fake} is what its commands do in Java. */
  protected abstract Sandbox connect(StoreLayout layout, FakeEngine fake);

  protected abstract String reference();

  private final FakeEngine fake = new FakeEngine();

  @BeforeEach
  void connect() throws IOException {
    for (Map.Entry<String, String> file :
        Map.of(
                "a.txt", "hello\n",
                "b.txt", "b\n",
                "run.sh", "true\n",
                "file", "f\n",
                "gone/deep/c.txt", "c\n",
                "again/old.txt", "o\n")
            .entrySet()) {
      Path path = temp.resolve("ws").resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    Files.createDirectory(layout.root().resolve("layers"));
    sandbox = connect(layout, fake);
    image = sandbox.image(reference());
    baseline =
        new Baselines(layout)
            .capture(layout.workspace(temp.resolve("ws")), ALL, image.uid(), image.gid());
    layer = layer("one");
    Sandbox.Isolation _ = sandbox.prove(image, LIMITS);
  }

  @AfterEach
  void discard() {
    layer.discard(sandbox::emptyWork);
    assertThat(sandbox.sweep(false)).isEmpty();
    sandbox.close();
    assertThat(fake.leftovers()).isEmpty();
  }

  @Test
  void anImageHasAnIdAndAUserThatIsNotRoot() {
    assertThat(image.id()).matches("sha256:[0-9a-f]{64}");
    assertThat(image.uid()).isPositive();
    assertThat(sandbox.image(reference())).isEqualTo(image);
  }

  @Test
  void anImageThatTheEngineDoesNotHaveIsMissing() {
    assertThatThrownBy(() -> sandbox.image("tars-sandbox:nobody-made-this"))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IMAGE_MISSING));
  }

  @Test
  void isolationIsProvenOnceAndSaidAgain() {
    assertThat(sandbox.prove(image, LIMITS)).isEqualTo(sandbox.prove(image, LIMITS));
    assertThat(sandbox.prove(image, LIMITS).facts()).containsEntry("selfTest", "passed");
  }

  @Test
  void whatACommandChangesIsReadFromTheUpperDirectory() {
    fake.on(
        EVERYTHING,
        box ->
            box.append("a.txt", "more\n")
                .delete("b.txt")
                .write("new.txt", "new\n")
                .delete("gone")
                .mkdir("made")
                .mkdir("made/below")
                .write("made/below/x", "x\n")
                .delete("again")
                .mkdir("again")
                .write("again/y", "y\n")
                .link("link", "a.txt")
                .chmod("run.sh", "rwxr-xr-x")
                .delete("file")
                .mkdir("file")
                .exit(0));
    assertThat(run(EVERYTHING)).isInstanceOf(SandboxOutcome.Exited.class);
    ChangeSet changes = changes();
    assertThat(changes.findings()).isEmpty();
    assertThat(changes.changes().stream().map(this::line))
        .containsExactly(
            "modify a.txt 644 hello+more",
            "delete again/old.txt",
            "create again/y 644 y",
            "delete b.txt",
            "modify file 755 directory",
            "delete gone",
            "delete gone/deep",
            "delete gone/deep/c.txt",
            "create link 777 -> a.txt",
            "create made 755 directory",
            "create made/below 755 directory",
            "create made/below/x 644 x",
            "create new.txt 644 new",
            "modify run.sh 755 true");
    assertThat(temp.resolve("ws/b.txt")).hasContent("b\n");
    assertThat(baseline.read(RelativePath.of("a.txt"), 100)).asString().isEqualTo("hello\n");
  }

  @Test
  void theNextCommandSeesWhatTheFirstLeft() {
    fake.on("rm b.txt; echo 1 > c.txt", box -> box.delete("b.txt").write("c.txt", "1\n").exit(0));
    fake.on(
        "test ! -e b.txt && cat c.txt a.txt",
        box ->
            box.exists("b.txt")
                ? box.exit(1)
                : box.print(box.read("c.txt") + box.read("a.txt")).exit(0));
    assertThat(code(run("rm b.txt; echo 1 > c.txt"))).isZero();
    assertThat(code(run("test ! -e b.txt && cat c.txt a.txt"))).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("1\nhello\n");
  }

  @Test
  void whatIsPrintedGoesToItsStreamAndTheExitCodeIsTheOutcome() {
    fake.on("echo o; echo e >&2; exit 7", box -> box.print("o\n").printError("e\n").exit(7));
    SandboxOutcome outcome = run("echo o; echo e >&2; exit 7");
    assertThat(code(outcome)).isEqualTo(7);
    assertThat(out.toString(UTF_8)).isEqualTo("o\n");
    assertThat(err.toString(UTF_8)).isEqualTo("e\n");
    assertThat(outcome.observed().outputBytes()).isEqualTo(4);
    assertThat(outcome.observed().tail()).contains("o", "e");
  }

  @Test
  void theEnvironmentIsTheSpecsAndTheDirectoryToo() {
    fake.on(
        "pwd; echo $A",
        box -> box.print(box.spec().cwd() + "\n" + box.spec().env().get("A") + "\n").exit(0));
    assertThat(code(run("pwd; echo $A"))).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("/workspace/gone\nof the spec\n");
  }

  @Test
  void aProgramThatIsNotThereExitsAsInAShell() {
    SandboxOutcome outcome = run(spec(List.of("no-such-program"), LIMITS), false);
    assertThat(code(outcome)).isEqualTo(127);
    assertThat(outcome.observed().tail()).contains("no-such-program");
  }

  @Test
  void aCommandThatGoesOnIsStoppedAtItsDeadline() {
    fake.on("sleep 60", FakeBox::hang);
    SandboxSpec spec = spec(List.of("sh", "-c", "sleep 60"), limits(Duration.ofSeconds(1)));
    assertThat(run(spec, false))
        .isInstanceOfSatisfying(
            SandboxOutcome.TimedOut.class,
            e -> assertThat(e.limit()).isEqualTo(Duration.ofSeconds(1)));
  }

  @Test
  void aCommandThatGoesOnIsStoppedWhenItIsCancelled() {
    fake.on("sleep 60", FakeBox::hang);
    assertThat(run(spec(List.of("sh", "-c", "sleep 60"), LIMITS), true))
        .isInstanceOf(SandboxOutcome.Cancelled.class);
  }

  @Test
  void aCommandThatPrintsMoreThanIsKeptHasNotExited() {
    String flood = "head -c 200000 /dev/zero | tr '\\0' x";
    fake.on(flood, box -> box.print("x".repeat(200_000)).exit(0));
    assertThat(run(flood)).isInstanceOf(SandboxOutcome.OutputLimit.class);
  }

  @Test
  void aSecondLayerIsWhereItsTargetSays() throws IOException {
    Layer cache = layer("cache");
    String copy = "cat /opt/cache/a.txt; echo c > /opt/cache/c";
    fake.on(
        copy, box -> box.print(box.read("/opt/cache/a.txt")).write("/opt/cache/c", "c\n").exit(0));
    SandboxSpec spec = spec(List.of("sh", "-c", copy), LIMITS);
    LayerMount mount = new LayerMount("/opt/cache", cache.lowers(), cache.upper(), cache.work());
    assertThat(code(run(spec.withLayers(List.of(spec.layers().getFirst(), mount)), false)))
        .isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("hello\n");
    assertThat(cache.upper().resolve("c")).hasContent("c\n");
    assertThat(layer.upper()).isEmptyDirectory();
    cache.discard(sandbox::emptyWork);
    assertThat(cache.home()).doesNotExist();
  }

  // ---- how it is done

  private Layer layer(String name) {
    return Layer.create(
        layout.disk(),
        layout.root().resolve("layers").resolve(name),
        baseline,
        image.uid(),
        image.gid());
  }

  private SandboxOutcome run(String command) {
    return run(spec(List.of("sh", "-c", command), LIMITS), false);
  }

  private SandboxOutcome run(SandboxSpec spec, boolean cancelled) {
    return sandbox.run(
        spec,
        (stream, bytes, offset, length) ->
            (stream == OutputSink.Stream.STDOUT ? out : err).write(bytes, offset, length),
        () -> cancelled);
  }

  private SandboxSpec spec(List<String> argv, ResourceLimits limits) {
    boolean below = argv.getLast().startsWith("pwd");
    return SandboxSpecs.lower(
        new SandboxSpecs.Room(image, layer, List.of(), limits, Map.of("A", "of the spec")),
        new SandboxSpecs.Command(
            argv,
            below ? RelativePath.of("gone") : RelativePath.ROOT,
            Map.of(),
            limits.wallClock(),
            new SandboxSpec.Owner("CTX-1", "contract")));
  }

  private static ResourceLimits limits(Duration wallClock) {
    return new ResourceLimits(
        LIMITS.milliCpus(),
        LIMITS.memory(),
        LIMITS.pids(),
        LIMITS.disk(),
        LIMITS.inodes(),
        LIMITS.openFiles(),
        LIMITS.output(),
        LIMITS.tmp(),
        wallClock);
  }

  private static int code(SandboxOutcome outcome) {
    assertThat(outcome).isInstanceOf(SandboxOutcome.Exited.class);
    return ((SandboxOutcome.Exited) outcome).code();
  }

  private ChangeSet changes() {
    ChangeLimits limits =
        new ChangeLimits(100, 1000, 1000, ByteCount.mebibytes(1), ByteCount.mebibytes(8), 200, 20);
    return ChangeSetReader.read(layout, layer, new ChangeSetReader.Scope(ALL, limits, Set.of()));
  }

  private String line(Change change) {
    String start =
        change.operation().name().toLowerCase(java.util.Locale.ROOT) + " " + change.path();
    return change
        .after()
        .map(after -> " %03o ".formatted(after.mode()) + content(after))
        .map(start::concat)
        .orElse(start);
  }

  private String content(TreeEntry entry) {
    return switch (entry) {
      case TreeEntry.Directory _ -> "directory";
      case TreeEntry.Symlink link -> "-> " + link.target();
      case TreeEntry.RegularFile file -> stored(file).strip().replace('\n', '+');
    };
  }

  private String stored(TreeEntry.RegularFile file) {
    return new String(layout.objects().read(file.content(), 1000), UTF_8);
  }

  private static final PathRules ALL =
      new PathRules() {
        @Override
        public boolean hides(RelativePath path) {
          return false;
        }

        @Override
        public boolean scratches(RelativePath path) {
          return false;
        }
      };
}
