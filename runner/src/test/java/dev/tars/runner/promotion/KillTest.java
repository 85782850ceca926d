package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel kills a real process at its N-th system call of a kind, for N = 1, 2, … until it
 * survives; afterwards every path is as before or as approved, as the log says. By default a
 * sample; {@code -Dtars.kill.step=1} kills at every one.
 */
class KillTest {
  private static final int STEP = Integer.getInteger("tars.kill.step", 40);

  /** The calls of a transaction, but for those that older versions of strace do not know. */
  private static final List<String> CALLS =
      List.of(
          "renameat2",
          "linkat",
          "unlinkat",
          "mkdirat",
          "symlinkat",
          "fsync",
          "fdatasync",
          "syncfs",
          "ftruncate",
          "write",
          "fchownat",
          "utimensat",
          "flock",
          "openat2",
          "statx",
          "getdents64");

  @TempDir private Path temporary;
  private SortedMap<String, String> old;
  private SortedMap<String, String> wanted;
  private ChildJvm jvm;

  @BeforeEach
  void trees() throws Exception {
    Path tried = temporary.resolve("tried");
    PromotionFixture at = PromotionFixture.make(tried);
    old = at.tree();
    assertThat(at.promote(at.everyKind())).isInstanceOf(PromotionOutcome.Committed.class);
    wanted = at.tree();
    jvm = ChildJvm.in(temporary, List.of("recover", tried.toString()));
    forget(tried);
  }

  @Test
  void aPromotionThatIsKilledIsUndoneOrDone() throws Exception {
    kill("promote");
  }

  @Test
  void aRollbackThatIsKilledIsUndoneOrDone() throws Exception {
    kill("rollback");
  }

  /**
   * The process before it crashed in the middle; the one that is killed was to clean up after it.
   */
  @Test
  void aRecoveryThatIsKilledIsDoneByTheNext() throws Exception {
    kill("recover");
  }

  private void kill(String operation) throws Exception {
    int middle = operation.equals("recover") ? middle() : 0;
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < CALLS.size(); i++) {
      String call = CALLS.get(i);
      int first = 1 + i % STEP;
      all.add(() -> kill(operation, call, first, middle));
    }
    int kills = 0;
    try (ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (Future<Integer> some : workers.invokeAll(all)) {
        kills += some.get();
      }
    }
    Figures.add("kills", kills);
    Figures.add("kills-" + operation, kills);
    assertThat(kills).isGreaterThan(3);
  }

  /** At one kind of call; returns how often it was killed. */
  private int kill(String operation, String call, int first, int middle) throws Exception {
    int kills = 0;
    for (int n = first; ; n += STEP, kills++) {
      Path base = temporary.resolve(operation + "-" + call + "-" + n);
      PromotionFixture at = PromotionFixture.make(base);
      if (operation.equals("rollback")) {
        assertThat(at.promote(at.everyKind())).isInstanceOf(PromotionOutcome.Committed.class);
      }
      if (operation.equals("recover")) {
        crash(at, middle);
      }
      int exit = run(call, n, operation, base);
      boolean survived = exit == 0;
      check(base, operation, survived, call + " " + n);
      forget(base);
      if (survived) {
        return kills;
      }
      assertThat(exit).as(call + " " + n).isEqualTo(137);
    }
  }

  private static void crash(PromotionFixture at, int call) {
    try {
      var _ = at.through(FaultyDisk.crashingAt(call)).promote(at.everyKind());
    } catch (Crash e) {
      return;
    }
    throw new AssertionError("it came to its end");
  }

  /** The number of a call late in the mutation, so that there is much to undo. */
  private int middle() {
    for (int n = 60; n < 1000; n += 4) {
      Path base = temporary.resolve("middle");
      PromotionFixture at = PromotionFixture.make(base);
      crash(at, n);
      boolean late = Files.exists(base.resolve("ws/added/deep"));
      forget(base);
      if (late) {
        return n;
      }
    }
    throw new AssertionError("it never came so far");
  }

  private void check(Path base, String operation, boolean survived, String where) {
    PromotionFixture at = PromotionFixture.open(base, dev.tars.runner.store.LinuxDisk.create());
    assertThat(at.recover().conflicts()).as(where).isEmpty();
    String id = operation.equals("rollback") ? "TX-2" : "TX-1";
    boolean committed =
        at.rollback().since("CTX-1").stream()
            .anyMatch(t -> t.id().text().equals(id) && t.state() == Journal.State.COMMITTED);
    boolean isNew = operation.equals("rollback") != committed;
    assertThat(at.tree()).as(where + ", committed: " + committed).isEqualTo(isNew ? wanted : old);
    assertThat(at.log.verify(java.util.Optional.empty()).problem()).as(where).isEmpty();
    if (survived && !operation.equals("recover")) {
      assertThat(committed).as(where).isTrue();
    }
  }

  /** 0 if it survived, 137 if the N-th call killed it. */
  private int run(String call, int n, String operation, Path base) throws Exception {
    List<String> strace =
        List.of(
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + call,
            "-e",
            "inject=" + call + ":signal=SIGKILL:when=" + n);
    return jvm.run(strace, List.of(operation, base.toString()));
  }

  static void forget(Path base) {
    try (Stream<Path> all = Files.walk(base)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
