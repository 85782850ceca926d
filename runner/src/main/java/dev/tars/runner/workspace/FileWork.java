package dev.tars.runner.workspace;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work on many files, on as many threads as there are processors. Neighbours go to one worker, so
 * that it opens each directory once. A few files are done by the caller itself.
 */
final class FileWork {
  private static final int FEW = 256;
  private static final int NEIGHBOURS = 64;
  private static final int MOST_THREADS = 8;

  private FileWork() {}

  /** One thread's share: its buffers and open directories are its own. */
  interface Worker extends AutoCloseable {
    /** Does the item of that number; false ends the work of all. */
    boolean item(int number);

    @Override
    void close();
  }

  /**
   * Does all items from 0 to {@code count}, in no order.
   *
   * @return false if an item was false; then some were not done
   * @throws RuntimeException the first that an item threw
   */
  static boolean all(int count, Supplier<Worker> workers) {
    int threads =
        count <= FEW ? 1 : Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
    Share share = new Share(count);
    Thread[] others = new Thread[threads - 1];
    for (int i = 0; i < others.length; i++) {
      others[i] = Thread.ofPlatform().name("files-" + i).start(() -> share.work(workers));
    }
    share.work(workers);
    for (Thread other : others) {
      join(other);
    }
    return share.isDone();
  }

  /** The work is short and holds open what the caller closes next: it is always waited for. */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Share {
    private final int count;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;

    Share(int count) {
      this.count = count;
    }

    void work(Supplier<Worker> workers) {
      try (Worker worker = workers.get()) {
        while (!ended) {
          int from = next.getAndAdd(NEIGHBOURS);
          if (from >= count) {
            return;
          }
          for (int i = from; i < Math.min(count, from + NEIGHBOURS) && !ended; i++) {
            if (!worker.item(i)) {
              ended = true;
            }
          }
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
        ended = true;
      }
    }

    boolean isDone() {
      Throwable thrown = failure.get();
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
      return !ended;
    }
  }
}
