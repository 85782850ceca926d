package dev.tars.runner.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.sandbox.SandboxOutcome.Observation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What the program of a {@link FakeEngine} sees and does in one box, and how it may end. */
public final class FakeBox {
  private final SandboxSpec spec;
  private final OutputSink sink;
  private final BooleanSupplier cancelled;
  private final int uid;
  private final StringBuilder printed = new StringBuilder();

  FakeBox(SandboxSpec spec, OutputSink sink, BooleanSupplier cancelled, int uid) {
    this.spec = spec;
    this.sink = sink;
    this.cancelled = cancelled;
    this.uid = uid;
  }

  public SandboxSpec spec() {
    return spec;
  }

  public boolean exists(String path) {
    return at(path).overlay().find(at(path).below()).isPresent();
  }

  public String read(String path) {
    return at(path).overlay().read(at(path).below());
  }

  public FakeBox write(String path, String text) {
    at(path).overlay().write(at(path).below(), text);
    return this;
  }

  public FakeBox append(String path, String text) {
    return write(path, read(path) + text);
  }

  public FakeBox delete(String path) {
    at(path).overlay().delete(at(path).below());
    return this;
  }

  public FakeBox mkdir(String path) {
    at(path).overlay().mkdir(at(path).below());
    return this;
  }

  public FakeBox link(String path, String target) {
    at(path).overlay().link(at(path).below(), target);
    return this;
  }

  public FakeBox chmod(String path, String mode) {
    at(path).overlay().chmod(at(path).below(), mode);
    return this;
  }

  public FakeBox print(String text) {
    return print(OutputSink.Stream.STDOUT, text);
  }

  public FakeBox printError(String text) {
    return print(OutputSink.Stream.STDERR, text);
  }

  private FakeBox print(OutputSink.Stream stream, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    sink.write(stream, bytes, 0, bytes.length);
    printed.append(text);
    return this;
  }

  public SandboxOutcome exit(int code) {
    return printed.length() > spec.limits().output().bytes()
        ? new SandboxOutcome.OutputLimit(observed())
        : new SandboxOutcome.Exited(code, observed());
  }

  /** Goes on for ever: somebody stops it, or its time is over. */
  public SandboxOutcome hang() {
    return cancelled.getAsBoolean()
        ? new SandboxOutcome.Cancelled(observed())
        : new SandboxOutcome.TimedOut(spec.limits().wallClock(), observed());
  }

  public SandboxOutcome outOfMemory() {
    return new SandboxOutcome.OutOfMemory(observed());
  }

  public SandboxOutcome diskFull() {
    return new SandboxOutcome.DiskLimit("the layer grew past its limit", observed());
  }

  public SandboxOutcome notStarted(String reason) {
    return new SandboxOutcome.NotStarted(reason, observed());
  }

  private Observation observed() {
    return new Observation(printed.toString(), printed.length(), Duration.ofMillis(7));
  }

  private record Place(FakeOverlay overlay, Path below) {}

  private Place at(String path) {
    Path absolute = Path.of(spec.cwd()).resolve(path);
    return spec.layers().stream()
        .filter(layer -> absolute.startsWith(layer.target()))
        .findFirst()
        .map(layer ->
            new Place(new FakeOverlay(layer, uid), Path.of(layer.target()).relativize(absolute)))
        .orElseThrow(() -> new IllegalStateException("read-only file system: " + path));
  }
}
