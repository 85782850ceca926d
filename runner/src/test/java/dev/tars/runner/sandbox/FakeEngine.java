package dev.tars.runner.sandbox;

import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An engine of programs that a test wrote. It outlives the {@link FakeSandbox}es that are connected
 * to it, as an engine outlives commands, and knows what they left in it.
 */
public final class FakeEngine {
  public static final String IMAGE = EffectivePolicy.DEFAULT_IMAGE;

  /** What a command does; anything it throws is a fault of the engine. */
  @FunctionalInterface
  public interface Program {
    SandboxOutcome run(FakeBox box);
  }

  final Map<List<String>, Program> programs = new HashMap<>();
  final Map<String, String> images = new HashMap<>();
  final Set<Object> proven = new HashSet<>();
  final Set<Path> mounted = new HashSet<>();
  final Set<Path> usedWork = new HashSet<>();
  final List<String> dead = new ArrayList<>();
  private final List<SandboxSpec> boxes = new ArrayList<>();

  public FakeEngine() {
    image(IMAGE, "sha256:" + "1".repeat(64));
  }

  /** Gives a name to an image, or another image to a name. */
  public FakeEngine image(String reference, String id) {
    images.put(reference, id);
    return this;
  }

  public FakeEngine without(String reference) {
    images.remove(reference);
    return this;
  }

  /** Makes what {@code sh -c command} does. */
  public FakeEngine on(String command, Program program) {
    return on(List.of("sh", "-c", command), program);
  }

  public FakeEngine on(List<String> argv, Program program) {
    programs.put(argv, program);
    return this;
  }

  /** Starts again: what was proven of it is proven no longer. */
  public FakeEngine restart() {
    proven.clear();
    return this;
  }

  /** Leaves a container of a process that died. */
  public FakeEngine leave(String container) {
    dead.add(container);
    return this;
  }

  public Sandbox connect(StoreLayout layout) {
    return new FakeSandbox(this, layout.root());
  }

  /** Every box that ran, in order. */
  public List<SandboxSpec> boxes() {
    return List.copyOf(boxes);
  }

  /** For example {@code step:compile}, {@code gate:unit:after}. */
  public List<String> purposes() {
    return boxes.stream().map(box -> box.owner().purpose()).toList();
  }

  void started(SandboxSpec spec) {
    boxes.add(spec);
  }

  /** Says what a layer that was taken away, or not, left in the engine. */
  public List<String> leftovers() {
    List<String> left = new ArrayList<>(dead);
    mounted.forEach(upper -> left.add("mounted: " + upper));
    usedWork.forEach(work ->
        left.add(
            (Files.exists(work) ? "not discarded: " : "discarded before it was emptied: ") + work));
    return left;
  }
}
