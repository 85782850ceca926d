package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The stories once more with real processes, which the kernel kills at their N-th system call of a
 * kind. {@code scripts/crash-test} runs it, no build does: each kill is a process.
 */
class StoryKills {
  private static final int STEP = Integer.getInteger("tars.story.kill.step", 1);

  private static final List<String> CALLS =
      List.of("renameat2", "fdatasync", "fsync", "unlinkat", "mkdirat", "linkat", "ftruncate");

  @TempDir private Path temp;

  @ParameterizedTest
  @EnumSource(
      names = {"APPROVE", "RUN", "REJECT", "ROLLBACK", "PATCH", "RECOVER", "COLLECT", "IMPORT"})
  void isTrueAfterTheKernelKilledIt(Story story) throws IOException, InterruptedException {
    int kills = 0;
    for (String call : CALLS) {
      for (int n = 1; ; n += STEP) {
        Path base = temp.resolve(story + "-" + call + "-" + n);
        RunBench bench = new RunBench(base);
        story.prepare(bench);
        if (!killed(story, base, call, n)) {
          break;
        }
        kills++;
        new Follower(bench, story, story + " killed by the kernel at " + call + " " + n).follow();
      }
    }
    assertThat(kills).isPositive();
    Figures.add("kills", kills);
    Figures.add("story-kills " + story, kills);
  }

  private boolean killed(Story story, Path base, String call, int n)
      throws IOException, InterruptedException {
    Path said = temp.resolve("said");
    Process process =
        new ProcessBuilder(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + call + ":signal=KILL:when=" + n,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                StoryKills.class.getName(),
                story.name(),
                base.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    int exit = process.exitValue();
    assertThat(exit).as(call + " " + n + ": " + Files.readString(said)).isIn(0, 137);
    return exit == 137;
  }

  /** Arguments: the story, and where it is; only what it is killed in. */
  public static void main(String[] arguments) {
    Story.valueOf(arguments[0]).act(RunBench.again(Path.of(arguments[1])));
  }
}
