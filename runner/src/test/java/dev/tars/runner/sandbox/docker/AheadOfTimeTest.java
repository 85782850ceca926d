package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AheadOfTimeTest {
  private final List<String> unneeded = new CopyOnWriteArrayList<>();
  private final AheadOfTime<String, String> ahead = new AheadOfTime<>(unneeded::add);

  @Test
  void aValueIsMadeOnceAndGivenOutOnce() {
    AtomicInteger made = new AtomicInteger();
    ahead.make("a", () -> "value " + made.incrementAndGet());
    ahead.make("a", () -> "value " + made.incrementAndGet());

    assertThat(ahead.take("a")).contains("value 1");
    assertThat(ahead.take("a")).isEmpty();
    ahead.close();
    assertThat(unneeded).isEmpty();
  }

  @Test
  void aFailureReachesWhoAsks() {
    ahead.make(
        "a",
        () -> {
          throw new IllegalArgumentException("no");
        });

    assertThatThrownBy(() -> ahead.take("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    ahead.close();
  }

  @Test
  void whatNobodyAskedForIsGivenUpAlsoWhenItIsStillUnderWay() {
    CountDownLatch closing = new CountDownLatch(1);
    ahead.make("done", () -> "done");
    ahead.make(
        "under way",
        () -> {
          await(closing);
          return "under way";
        });
    ahead.make(
        "failed",
        () -> {
          throw new IllegalStateException();
        });

    ahead.clear();
    closing.countDown();
    ahead.close();

    assertThat(unneeded).containsExactlyInAnyOrder("done", "under way");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
