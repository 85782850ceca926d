package dev.tars.runner.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process has the lock of the log: it is waited for, and no longer than can be said. */
final class AppendLockTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir private Path temp;
  private final AtomicInteger tries = new AtomicInteger();
  private StoreLayout layout;
  private WorkspaceDir workspace;
  private Process holder;

  @BeforeEach
  void another() throws IOException {
    layout = StoreLayout.open(counting(LinuxDisk.create()), temp.resolve("state"));
    workspace = layout.workspace(Files.createDirectory(temp.resolve("workspace")));
    append(Duration.ZERO); // the lock's file is there
    holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HoldMain.class.getName(),
                workspace.path().resolve("log").toString(),
                "append.lock")
            .start();
    BufferedReader out = holder.inputReader();
    assertThat(out.readLine()).isEqualTo("true");
    tries.set(0);
  }

  @AfterEach
  void end() throws InterruptedException {
    holder.destroyForcibly().waitFor();
  }

  @Test
  void aHolderThatIsStoppedIsNamed() throws Exception {
    signal("STOP");
    assertThatThrownBy(() -> append(SHORT))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.LOCKED);
              assertThat(e.where()).endsWith("append.lock");
              assertThat(e.notes())
                  .contains(
                      "it is process "
                          + holder.pid()
                          + " of "
                          + System.getProperty("user.name")
                          + ", stopped");
              assertThat(e.help()).contains("kill -CONT " + holder.pid());
            });
    assertThat(tries.get()).as("with pauses between them").isBetween(2, 100);
    signal("CONT");
    holder.getOutputStream().close();
    append(Duration.ofSeconds(30));
    assertThat(log(SHORT).records()).extracting(AuditRecord::seq).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aHolderThatRunsIsNamedToo() {
    assertThatThrownBy(() -> log(SHORT).settleDoubt())
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.notes()).anyMatch(n -> n.startsWith("it is process " + holder.pid()));
              assertThat(e.help()).doesNotContain("kill -CONT");
            });
  }

  @Test
  void aHolderThatIsKilledHasItNoLonger() throws Exception {
    holder.destroyForcibly().waitFor();
    append(Duration.ofSeconds(30));
    assertThat(log(SHORT).records()).hasSize(3);
  }

  private void signal(String name) throws Exception {
    List<String> kill = List.of("kill", "-" + name, Long.toString(holder.pid()));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
    boolean stop = name.equals("STOP");
    while (stop != state().equals("T")) {
      Thread.onSpinWait(); // the signal is on its way
    }
  }

  private String state() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(holder.pid()), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
  }

  private AuditLog log(Duration wait) {
    return new AuditLog(layout, workspace, Clock.systemUTC(), wait);
  }

  private void append(Duration wait) {
    AuditRecord _ = log(wait).append("test", CanonicalJson.object());
  }

  private Disk counting(Disk disk) {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (method.getName().equals("tryLock")) {
                tries.incrementAndGet();
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
