package dev.tars.runner.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileWorkTest {
  private static final int MANY = 10_000;

  private final AtomicInteger open = new AtomicInteger();

  @Test
  void eachItemIsDoneOnceAndEveryWorkerIsClosed() {
    AtomicIntegerArray done = new AtomicIntegerArray(MANY);

    boolean all = FileWork.all(MANY, () -> worker(i -> done.incrementAndGet(i) == 1));

    assertThat(all).isTrue();
    assertThat(IntStream.range(0, MANY).map(done::get)).containsOnly(1);
    assertThat(open).hasValue(0);
  }

  @Test
  void oneThatIsFalseEndsTheWorkOfAll() {
    AtomicInteger done = new AtomicInteger();

    boolean all =
        FileWork.all(
            MANY,
            () ->
                worker(i -> {
                  done.incrementAndGet();
                  return false;
                }));

    assertThat(all).isFalse();
    assertThat(done.get()).isLessThan(64);
    assertThat(open).hasValue(0);
  }

  @Test
  void whatAnItemThrowsReachesTheCaller() {
    assertThatThrownBy(() ->
            FileWork.all(
                MANY,
                () ->
                    worker(i -> {
                      throw new IllegalArgumentException("item " + i);
                    })))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("item ");
    assertThat(open).hasValue(0);
  }

  private FileWork.Worker worker(IntPredicate item) {
    open.incrementAndGet();
    return new FileWork.Worker() {
      @Override
      public boolean item(int number) {
        return item.test(number);
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }
}
