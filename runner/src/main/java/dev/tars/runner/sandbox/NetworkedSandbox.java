package dev.tars.runner.sandbox;

import dev.tars.runner.policy.ResourceLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A sandbox whose boxes reach what a policy allows in one phase. Where the policy allows nothing in
 * that phase it is the sandbox itself, and nothing is opened.
 */
public final class NetworkedSandbox implements Sandbox {
  private final Sandbox sandbox;
  private final NetworkWay way;

  private NetworkedSandbox(Sandbox sandbox, NetworkWay way) {
    this.sandbox = sandbox;
    this.way = way;
  }

  /**
   * Begins to open the way; the first box waits for it.
   *
   * @param context id of the run, for labels
   */
  public static Opened open(Supplier<Sandbox> sandbox, EgressTable table, String context) {
    if (!table.rules().opens(table.phase())) {
      return new Opened(sandbox, () -> new Used(List.of(), ""), () -> {});
    }
    Sandbox opens = sandbox.get();
    NetworkWay way =
        opens.open(table, new SandboxSpec.Owner(context, "network:" + table.phase().word()));
    Sandbox networked = new NetworkedSandbox(opens, way);
    return new Opened(() -> networked, () -> new Used(way.used(), way.crossed()), way::close);
  }

  /**
   * What the boxes of one phase used.
   *
   * @param crossed a sentence on the cap that was reached, or the empty string
   */
  public record Used(List<NetworkUse> uses, String crossed) {
    public Used {
      uses = List.copyOf(uses);
    }
  }

  /** A sandbox for the boxes of one phase, and what they used once it is closed. */
  public record Opened(Supplier<Sandbox> boxes, Supplier<Used> used, Runnable end)
      implements AutoCloseable {
    public Sandbox sandbox() {
      return boxes.get();
    }

    @Override
    public void close() {
      end.run();
    }
  }

  @Override
  public SandboxOutcome run(SandboxSpec spec, OutputSink sink, BooleanSupplier cancelled) {
    return sandbox.run(spec.joined(way.access()), sink, cancelled);
  }

  @Override
  public ImageFacts image(String reference) {
    return sandbox.image(reference);
  }

  @Override
  public Isolation isolation() {
    return sandbox.isolation();
  }

  @Override
  public Isolation prove(ImageFacts image, ResourceLimits limits) {
    return sandbox.prove(image, limits);
  }

  @Override
  public void emptyWork(Path work) {
    sandbox.emptyWork(work);
  }

  @Override
  public List<String> sweep(boolean dryRun) {
    return sandbox.sweep(dryRun);
  }

  /** Ends neither the way nor the sandbox: both belong to who opened them. */
  @Override
  public void close() {}
}
