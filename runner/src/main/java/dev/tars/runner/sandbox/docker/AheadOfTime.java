package dev.tars.runner.sandbox.docker;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Values that are made in the background before they are asked for; each is given out once. A
 * failure reaches who asks.
 */
final class AheadOfTime<K, V> implements AutoCloseable {
  private final Map<K, Future<V>> values = new ConcurrentHashMap<>();
  private final Consumer<V> unneeded;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("ahead-", 0).factory());

  /**
   * @param unneeded takes each value that nobody asked for
   */
  AheadOfTime(Consumer<V> unneeded) {
    this.unneeded = unneeded;
  }

  /** Starts to make a value, unless one for the key is under way. */
  void make(K key, Supplier<V> maker) {
    values.computeIfAbsent(key, _ -> threads.submit(maker::get));
  }

  /** The value of a key, waited for if it is under way; empty if it was never begun. */
  Optional<V> take(K key) {
    Future<V> value = values.remove(key);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(value.get());
    } catch (InterruptedException e) {
      disposeInTheBackground(value);
      Thread.currentThread().interrupt();
      throw new RunnerException(
          FailureCode.INTERRUPTED, "interrupted while the engine worked", "run again");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  /** Gives up every value that nobody asked for. */
  void clear() {
    for (K key : List.copyOf(values.keySet())) {
      Future<V> value = values.remove(key);
      if (value != null) {
        disposeInTheBackground(value);
      }
    }
  }

  private void disposeInTheBackground(Future<V> value) {
    Future<?> _ = threads.submit(() -> dispose(value));
  }

  private void dispose(Future<V> value) {
    try {
      unneeded.accept(value.get());
    } catch (ExecutionException e) {
      // It was not made, and nobody asked for it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // what is left is swept by the next command
    }
  }

  /** Gives up everything without waiting for it; for values that leave nothing behind. */
  void abandon() {
    values.clear();
    threads.shutdownNow();
  }

  /** Gives up what nobody asked for, and waits for everything that was begun. */
  @Override
  public void close() {
    clear();
    threads.close();
  }
}
