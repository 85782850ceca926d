package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An editor saves while a promotion runs. What it saved last is in the workspace or in the store,
 * every time. A check followed by a rename, the obvious way, loses some: the race is real.
 */
class RaceTest {
  private static final long MILLIS = Long.getLong("tars.race.millis", 6_000);
  private static final String NAME = "contended.txt";

  @TempDir private Path temporary;

  /** One way to put a file in place; what an editor saves meanwhile should survive it. */
  private interface Way {
    void promote(PromotionFixture at, String content) throws IOException;

    boolean holds(PromotionFixture at, String content) throws IOException;
  }

  /** One way in which an editor saves. */
  private interface Save {
    void save(Path file, String content) throws IOException;
  }

  private record Result(int rounds, int lost, int met) {}

  @Test
  void nothingThatIsSavedByARenameIsLost() throws Exception {
    Result result = race("race-rename", new Ours(), RaceTest::byRename);
    assertThat(result.lost()).as("of %s", result).isZero();
    assertThat(result.rounds()).isGreaterThan(20);
  }

  @Test
  void nothingThatIsSavedInPlaceIsLost() throws Exception {
    Result result = race("race-in-place", new Ours(), RaceTest::inPlace);
    assertThat(result.lost()).as("of %s", result).isZero();
    assertThat(result.rounds()).isGreaterThan(20);
  }

  @Test
  void aCheckFollowedByARenameLosesSaves() throws Exception {
    Result result = race("race-control", new CheckThenRename(), RaceTest::byRename);
    assertThat(result.lost()).as("of %s", result).isPositive();
  }

  private Result race(String name, Way way, Save save) throws Exception {
    PromotionFixture at = PromotionFixture.make(temporary);
    Path file = at.root.resolve(NAME);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    int rounds = 0;
    int lost = 0;
    int met = 0;
    while (System.nanoTime() < end) {
      String base = "base " + rounds;
      Files.writeString(file, base);
      String wanted = "promoted " + rounds;
      String prefix = "saved " + rounds + " ";
      CyclicBarrier start = new CyclicBarrier(2);
      List<String> saved = new ArrayList<>();
      List<Exception> wrong = new ArrayList<>();
      Thread editor =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  start.await();
                  long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(40_000_000);
                  while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                  }
                  save.save(file, prefix + "x");
                  saved.add(prefix + "x");
                } catch (Exception e) {
                  wrong.add(e);
                }
              });
      start.await();
      way.promote(at, wanted);
      editor.join();
      assertThat(wrong).isEmpty();
      String now = Files.readString(file);
      met += now.equals(wanted) ? 0 : 1;
      for (String content : saved) {
        lost += now.equals(content) || way.holds(at, content) ? 0 : 1;
      }
      rounds++;
    }
    Figures.add(name + "-rounds", rounds);
    Figures.add(name + "-lost", lost);
    return new Result(rounds, lost, met);
  }

  private static void byRename(Path file, String content) throws IOException {
    Path beside = file.resolveSibling(".editor.tmp");
    Files.writeString(beside, content);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void inPlace(Path file, String content) throws IOException {
    try {
      Files.write(
          file,
          content.getBytes(UTF_8),
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);
    } catch (NoSuchFileException e) {
      throw new AssertionError("the path was empty during a swap", e);
    }
  }

  private static final class Ours implements Way {
    @Override
    public void promote(PromotionFixture at, String content) {
      var entry = at.entry(NAME);
      if (at.of(content, 0644).equals(entry)) {
        return;
      }
      PromotionOutcome outcome =
          at.promote(
              PromotionFixture.changeSet(at.change(NAME, at.of(content, 0644))),
              Duration.ofMillis(50));
      if (outcome instanceof PromotionOutcome.Conflicted) {
        Recovery.of(at.layout, at.workspace, at.log).recover(Duration.ZERO, true);
      }
    }

    @Override
    public boolean holds(PromotionFixture at, String content) {
      return at.holds(content);
    }
  }

  /** The control: looks whether the file is as expected, then renames the new one over it. */
  private static final class CheckThenRename implements Way {
    @Override
    public void promote(PromotionFixture at, String content) throws IOException {
      Path file = at.root.resolve(NAME);
      Digest expected = Digest.of(Files.readAllBytes(file));
      Path beside = file.resolveSibling(".new");
      for (int i = 0; i < 200; i++) {
        Files.writeString(beside, content);
        byte[] now = Files.readAllBytes(file);
        if (!Digest.of(now).equals(expected)) {
          return; // somebody saved: it stays
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        expected = Digest.of(Files.readAllBytes(beside.resolveSibling(NAME)));
      }
    }

    @Override
    public boolean holds(PromotionFixture at, String content) {
      return false;
    }
  }
}
