package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that has no room for a transaction: it is refused before INTENT, the tree is as it
 * was, and when room is made it is done. On real, small file systems, at every level by {@code
 * scripts/crash-test}, else at some.
 */
class FullDiskTest {
  private static final int STEP = Integer.getInteger("tars.full.step", 9);

  @TempDir private Path temporary;

  @Test
  void aTransactionThatDoesNotFitIsRefusedBeforeItChangesAnything() throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      command.add("--map-root-user"); // who may not mount may in a name space of users
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            FullDiskMain.class.getName(),
            temporary.toString(),
            "" + STEP));
    Path said = temporary.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String text = Files.readString(said);
    assertThat(process.waitFor()).as(text).isZero();
    System.out.print(text);
    String[] figures = text.lines().reduce((a, b) -> b).orElseThrow().split(" ");
    int levels = Integer.parseInt(figures[1]);
    int refused = Integer.parseInt(figures[3]);
    Figures.add("full-disk-levels", levels);
    Figures.add("full-disk-refused", refused);
    assertThat(refused).isGreaterThan(180 / STEP);
    assertThat(Integer.parseInt(figures[5])).as("changed something and had to be undone").isZero();
    assertThat(Integer.parseInt(figures[7])).as("without room in the log it has").isPositive();
    assertThat(Integer.parseInt(figures[9])).as("the control leaves a half").isPositive();
  }
}
