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
import java.util.concurrent.TimeUnit;
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
  private int number;

  @BeforeEach
  void trees() throws IOException {
    Path tried = temporary.resolve("tried");
    PromotionFixture at = PromotionFixture.make(tried);
    old = at.tree();
    assertThat(at.promote(at.everyKind())).isInstanceOf(PromotionOutcome.Committed.class);
    wanted = at.tree();
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

  private void kill(String operation) throws Exception {
    int kills = 0;
    int starts = 0;
    for (String call : CALLS) {
      for (int n = 1 + starts++ % STEP; ; n += STEP) {
        Path base = temporary.resolve("k" + number++);
        PromotionFixture at = PromotionFixture.make(base);
        if (operation.equals("rollback")) {
          assertThat(at.promote(at.everyKind())).isInstanceOf(PromotionOutcome.Committed.class);
        }
        int exit = run(call, n, operation, base);
        boolean survived = exit == 0;
        check(base, operation, survived, call + " " + n);
        forget(base);
        if (survived) {
          break;
        }
        assertThat(exit).as(call + " " + n).isEqualTo(137);
        kills++;
      }
    }
    Figures.add("kills", kills);
    Figures.add("kills-" + operation, kills);
    assertThat(kills).isGreaterThan(3);
  }

  private void check(Path base, String operation, boolean survived, String where) {
    PromotionFixture at = PromotionFixture.open(base, dev.tars.runner.store.LinuxDisk.create());
    assertThat(at.recover().conflicts()).as(where).isEmpty();
    String id = operation.equals("promote") ? "TX-1" : "TX-2";
    boolean committed =
        at.rollback().since("CTX-1").stream()
            .anyMatch(t -> t.id().text().equals(id) && t.state() == Journal.State.COMMITTED);
    boolean isNew = operation.equals("promote") == committed;
    assertThat(at.tree()).as(where + ", committed: " + committed).isEqualTo(isNew ? wanted : old);
    assertThat(at.log.verify(java.util.Optional.empty()).problem()).as(where).isEmpty();
    if (survived) {
      assertThat(committed).as(where).isTrue();
    }
  }

  /** 0 if it survived, 137 if the N-th call killed it. */
  private int run(String call, int n, String operation, Path base) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + call,
            "-e",
            "inject=" + call + ":signal=SIGKILL:when=" + n));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            KillMain.class.getName(),
            operation,
            base.toString()));
    Path said = temporary.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(call + " " + n + " never ended");
    }
    int exit = process.exitValue();
    if (exit != 0 && exit != 137) {
      throw new AssertionError(call + " " + n + ": exit " + exit + "\n" + Files.readString(said));
    }
    return exit;
  }

  private static void forget(Path base) {
    try (Stream<Path> all = Files.walk(base)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
