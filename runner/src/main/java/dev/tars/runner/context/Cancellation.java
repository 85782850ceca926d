package dev.tars.runner.context;

import dev.tars.runner.model.PublicApi;
import dev.tars.runner.store.ContextDir;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Whether a run shall stop: somebody wrote the file {@code cancel} into its context, or the process
 * got a signal. Containers are removed before the run ends.
 */
public final class Cancellation {
  /** Name of the file in the context's directory. */
  static final String FILE = "cancel";

  private final AtomicReference<Cause> cause = new AtomicReference<>(Cause.NONE);

  /** A signal: called from a shutdown hook. */
  @PublicApi
  public void interrupt() {
    cause.compareAndSet(Cause.NONE, Cause.SIGNAL);
  }

  /** Looks at the flag and at the context's directory. */
  public BooleanSupplier watch(ContextDir dir) {
    return () -> {
      if (cause.get() == Cause.NONE && dir.has(FILE)) {
        cause.compareAndSet(Cause.NONE, Cause.REQUEST);
      }
      return cause.get() != Cause.NONE;
    };
  }

  @PublicApi
  public Cause cause() {
    return cause.get();
  }

  /** Why a run shall stop. */
  @PublicApi
  public enum Cause {
    NONE,
    REQUEST,
    SIGNAL
  }
}
