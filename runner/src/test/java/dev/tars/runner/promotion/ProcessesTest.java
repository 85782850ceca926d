package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes promote to one workspace, to the same files and to others, and are killed at
 * any moment: afterwards the log is one history, and the workspace is what it says.
 */
class ProcessesTest {
  private static final int KILLS = Integer.getInteger("tars.process.kills", 8);
  private static final List<String> SHARED = List.of("modified.txt", "shared-1", "shared-2");

  @TempDir private Path temporary;

  @Test
  void processesThatAreKilledLeaveOneHistory() throws Exception {
    Path base = temporary.resolve("p");
    PromotionFixture at = PromotionFixture.make(base);
    ChildJvm jvm = ChildJvm.in(temporary, List.of("recover", base.toString()));
    Random random = new Random(Long.getLong("tars.crash.seed", 1));
    List<Process> running = new ArrayList<>();
    try {
      for (int i = 0; i < KILLS; i++) {
        while (running.size() < 3) {
          running.add(jvm.begin(arguments(base, running.size(), random.nextLong())));
        }
        Thread.sleep(800 + random.nextInt(700)); // kills at any moment is what this is about
        Process victim = running.remove(random.nextInt(running.size()));
        assertThat(victim.isAlive()).as("it ended by itself").isTrue();
        end(victim);
      }
    } finally {
      for (Process process : running) {
        end(process);
      }
    }
    assertThat(at.reopened().recover().conflicts()).isEmpty();
    PromotionFixture after = at.reopened();
    assertThat(after.log.verify(Optional.empty()).problem()).isEmpty();
    Map<RelativePath, TreeEntry> first = new TreeMap<>();
    PromotionFixture untouched = PromotionFixture.make(temporary.resolve("q"));
    untouched.entry("modified.txt").ifPresent(e -> first.put(RelativePath.of("modified.txt"), e));
    Map<RelativePath, TreeEntry> said = History.replay(first, after.log, after.layout);
    for (RelativePath path : said.keySet()) {
      assertThat(after.entry(path.toString())).isEqualTo(Optional.of(said.get(path)));
    }
    for (String name : List.of("modified.txt", "shared-1", "shared-2", "own-0", "own-1", "own-2")) {
      assertThat(after.entry(name)).isEqualTo(Optional.ofNullable(said.get(RelativePath.of(name))));
    }
    long committed =
        after.rollback().since("none").stream()
            .filter(t -> t.state() == Journal.State.COMMITTED)
            .count();
    System.out.println("processes: " + KILLS + " kills, " + committed + " committed");
    Figures.add("process-kills", KILLS);
    Figures.add("process-commits", committed);
    assertThat(committed).isPositive();
  }

  private static List<String> arguments(Path base, int number, long seed) {
    List<String> arguments =
        new ArrayList<>(List.of("loop", base.toString(), "" + seed, "own-" + number));
    arguments.addAll(SHARED);
    return arguments;
  }

  private static void end(Process process) throws InterruptedException {
    process.destroyForcibly();
    int _ = process.waitFor();
  }
}
