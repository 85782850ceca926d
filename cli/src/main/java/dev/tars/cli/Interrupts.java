package dev.tars.cli;

import dev.tars.runner.context.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While open, a signal first cancels the run and lets it remove its containers. The JVM then ends
 * with 130 or 143, as the signal demands.
 */
final class Interrupts implements AutoCloseable {
  private static final long GRACE_SECONDS = 20;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interrupts(Cancellation cancellation) {
    this.hook =
        new Thread(
            () -> {
              cancellation.interrupt();
              awaitEnd();
            },
            "interrupts");
  }

  static Interrupts to(Cancellation cancellation) {
    Interrupts interrupts = new Interrupts(cancellation);
    Runtime.getRuntime().addShutdownHook(interrupts.hook);
    return interrupts;
  }

  private void awaitEnd() {
    try {
      // What is still there after this is found by its labels and removed by the next command.
      boolean _ = finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down: the hook is running, and now it ends.
    }
  }
}
