package dev.tars.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.TransactionId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A transaction number is given once, and what it costs does not grow with how many were given. */
class TransactionNumberTest {
  private static final int TAKERS = 4;
  private static final int EACH = 50;

  @TempDir private Path temp;

  @Test
  void countsUpAndLeavesOneName() throws Exception {
    for (int i = 1; i <= 30; i++) {
      assertThat(layout().newTransactionId()).isEqualTo(TransactionId.of(i));
    }
    assertThat(names()).containsExactly("TX-30");
  }

  @Test
  void isGivenOnceHoweverManyTake() throws Exception {
    List<TransactionId> given = new ArrayList<>();
    try (ExecutorService takers = Executors.newFixedThreadPool(TAKERS)) {
      List<Callable<List<TransactionId>>> all = new ArrayList<>();
      for (int i = 0; i < TAKERS; i++) {
        all.add(() -> {
          StoreLayout layout = layout();
          return Stream.generate(layout::newTransactionId).limit(EACH).toList();
        });
      }
      for (Future<List<TransactionId>> some : takers.invokeAll(all)) {
        given.addAll(some.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
    assertThat(given).doesNotHaveDuplicates().hasSize(TAKERS * EACH);
  }

  /** Who has read the last number and then sleeps, while others take some, gets one of its own. */
  @ParameterizedTest
  @CsvSource({"0, mkdir, 1", "0, mkdir, 3", "5, rename, 1", "5, rename, 3"})
  void isGivenOnceToWhoIsSlow(int before, String call, int meanwhile) {
    List<TransactionId> given = new ArrayList<>();
    for (int i = 0; i < before; i++) {
      given.add(layout().newTransactionId());
    }
    StoreLayout slow =
        StoreLayout.open(
            beforeFirst(
                call,
                () -> {
                  for (int i = 0; i < meanwhile; i++) {
                    given.add(layout().newTransactionId());
                  }
                }),
            temp.resolve("state"));
    given.add(slow.newTransactionId());
    assertThat(given).doesNotHaveDuplicates().hasSize(before + meanwhile + 1);
    assertThat(layout().newTransactionId().number()).isGreaterThan(given.getLast().number());
  }

  private Disk beforeFirst(String call, Runnable others) {
    Disk disk = LinuxDisk.create();
    boolean[] done = {false};
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
              boolean numbering =
                  arguments != null
                      && Stream.of(arguments).anyMatch(a -> String.valueOf(a).startsWith("TX-"));
              if (method.getName().equals(call) && numbering && !done[0]) {
                done[0] = true;
                others.run();
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private StoreLayout layout() {
    return StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
  }

  private List<String> names() throws Exception {
    try (Stream<Path> all = Files.list(temp.resolve("state/transactions"))) {
      return all.map(p -> p.getFileName().toString()).toList();
    }
  }
}
