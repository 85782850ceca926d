package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An editor saves while a promotion, a rollback or a recovery runs. What it saved last is in the
 * workspace or in the store, every time. A check followed by a rename, the obvious way, loses some:
 * the race is real. In memory where the machine has such a place, so that many rounds fit.
 */
class RaceTest {
  private static final int ROUNDS = Integer.getInteger("tars.race.rounds", 800);
  private static final long SEED = Long.getLong("tars.crash.seed", 1);
  private static final int ROUNDS_A_WORKSPACE = 6;
  private static final String NAME = "contended.txt";
  private static final Path MEMORY = Path.of("/dev/shm");

  private Path temporary;
  private final Random random = new Random(SEED);
  private final ExecutorService editor = Executors.newSingleThreadExecutor();
  private String id = "";
  private long usual = 2_000_000;

  /** One way in which an editor saves. */
  private enum Save {
    BY_RENAME,
    IN_PLACE,
    APPEND,
    DELETE,
    CHMOD
  }

  private enum Operation {
    PROMOTE,
    ROLLBACK,
    RECOVER
  }

  @BeforeEach
  void makeDirectory() throws IOException {
    temporary =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "tars-race")
            : Files.createTempDirectory("tars-race");
  }

  @AfterEach
  void removeDirectory() {
    editor.shutdownNow();
    KillTest.forget(temporary);
  }

  @Test
  void nothingThatIsSavedDuringAPromotionIsLost() throws Exception {
    race("race-promote", Operation.PROMOTE, ROUNDS * 6 / 10);
  }

  @Test
  void nothingThatIsSavedDuringARollbackIsLost() throws Exception {
    race("race-rollback", Operation.ROLLBACK, ROUNDS * 3 / 10);
  }

  @Test
  void nothingThatIsSavedDuringARecoveryIsLost() throws Exception {
    race("race-recover", Operation.RECOVER, ROUNDS / 10);
  }

  private void race(String name, Operation operation, int most) throws Exception {
    int lost = 0;
    int met = 0;
    int rounds = 0;
    long start = System.nanoTime();
    while (rounds < most) {
      Path base = Files.createTempDirectory(temporary, "w");
      PromotionFixture at = PromotionFixture.make(base);
      List<String> unaccounted = new ArrayList<>();
      for (int i = 0; i < ROUNDS_A_WORKSPACE; i++) {
        met += round(at, operation, "round " + rounds, unaccounted) ? 1 : 0;
        rounds++;
      }
      at.recover(); // and what came through an old descriptor is looked for where it is kept
      Recovery.of(at.layout, at.workspace, at.log).recover(Duration.ZERO, true);
      for (String content : unaccounted) {
        lost += at.holds(content) ? 0 : 1;
      }
      if (rounds % 10 == 0) {
        assertThat(at.log.verify(Optional.empty()).problem()).isEmpty();
      }
      KillTest.forget(base);
    }
    System.out.printf(
        "%s: %d rounds, met %d, lost %d, %.0f rounds/s%n",
        name, rounds, met, lost, rounds / ((System.nanoTime() - start) / 1e9));
    Figures.add(name + "-rounds", rounds);
    Figures.add(name + "-met", met);
    Figures.add(name + "-lost", lost);
    assertThat(lost).isZero();
    assertThat(met).as("editors that met a transaction, of %d", rounds).isPositive();
  }

  /** True if the editor came in between: the operation did not end as it would have alone. */
  private boolean round(PromotionFixture at, Operation operation, String name, List<String> missing)
      throws Exception {
    Path file = at.root.resolve(NAME);
    Files.deleteIfExists(file);
    String base = "base of " + name;
    Files.writeString(file, base);
    var change = PromotionFixture.changeSet(at.change(NAME, at.of("promoted in " + name, 0644)));
    String there = base;
    Optional<PromotionFixture> crashed = Optional.empty();
    if (operation == Operation.ROLLBACK) {
      PromotionOutcome outcome = at.promote(change);
      assertThat(outcome).isInstanceOf(PromotionOutcome.Committed.class);
      id = ((PromotionOutcome.Committed) outcome).id().text();
      there = "promoted in " + name;
    }
    if (operation == Operation.RECOVER) {
      try {
        at.through(FaultyDisk.crashingAt(26 + random.nextInt(24))).promote(change);
      } catch (Crash e) {
        crashed = Optional.of(at.reopened());
      }
      there = Files.readString(file);
    }
    Save save = Save.values()[random.nextInt(Save.values().length)];
    String saved = save == Save.APPEND ? there + " and more" : "saved in " + name;
    long delay = (long) (random.nextDouble() * usual);
    FileChannel open = FileChannel.open(file, StandardOpenOption.APPEND);
    long start = System.nanoTime();
    Future<Boolean> edit = editor.submit(() -> edit(save, file, saved, open, start + delay));
    boolean alone = act(at, operation, change, crashed);
    usual = (usual * 15 + (System.nanoTime() - start)) / 16;
    boolean done = edit.get();
    String now = Files.exists(file) ? Files.readString(file) : "";
    String mustBe = save == Save.DELETE || save == Save.CHMOD ? there : saved;
    boolean gone = save == Save.DELETE && now.isEmpty();
    if (done && !gone && !now.equals(mustBe) && !at.holds(mustBe)) {
      missing.add(mustBe);
    }
    return !alone;
  }

  private boolean act(
      PromotionFixture at,
      Operation operation,
      dev.tars.runner.workspace.ChangeSet change,
      Optional<PromotionFixture> crashed) {
    try {
      switch (operation) {
        case PROMOTE -> {
          return settled(at, at.promote(change));
        }
        case ROLLBACK -> {
          return settled(at, at.rollback(id));
        }
        case RECOVER -> {
          boolean clean = crashed.orElse(at).recover().conflicts().isEmpty();
          if (!clean) {
            Recovery.of(at.layout, at.workspace, at.log).recover(Duration.ZERO, true);
          }
          return clean;
        }
      }
      throw new IllegalStateException();
    } catch (RunnerException e) {
      return false; // the file was gone, say, and it was refused
    }
  }

  private static boolean settled(PromotionFixture at, PromotionOutcome outcome) {
    if (outcome instanceof PromotionOutcome.Conflicted) {
      Recovery.of(at.layout, at.workspace, at.log).recover(Duration.ZERO, true);
    }
    return outcome instanceof PromotionOutcome.Committed;
  }

  /** False if there was nothing to save to. */
  private static boolean edit(Save save, Path file, String text, FileChannel open, long when)
      throws IOException {
    try (open) {
      while (System.nanoTime() < when) {
        Thread.onSpinWait();
      }
      switch (save) {
        case BY_RENAME -> byRename(file, text);
        case IN_PLACE ->
            Files.write(
                file,
                text.getBytes(UTF_8),
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        case APPEND -> open.write(UTF_8.encode(" and more"));
        case DELETE -> Files.delete(file);
        case CHMOD -> PromotionFixture.mode(file, 0640);
      }
      return true;
    } catch (NoSuchFileException e) {
      throw new AssertionError("the path was empty during a swap", e);
    }
  }

  private static void byRename(Path file, String content) throws IOException {
    Path beside = file.resolveSibling(".editor.tmp");
    Files.writeString(beside, content);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The control: looks whether the file is as expected, then renames the new one over it. */
  @Test
  void aCheckFollowedByARenameLosesSaves() throws Exception {
    Path file = temporary.resolve(NAME);
    Path beside = temporary.resolve(".new");
    int lost = 0;
    int rounds = 0;
    for (long end = System.nanoTime() + 20_000_000_000L; lost == 0 && System.nanoTime() < end; ) {
      for (int i = 0; i < 500; i++, rounds++) {
        String base = "base " + rounds;
        String saved = "saved " + rounds;
        Files.writeString(file, base);
        Files.writeString(beside, "promoted " + rounds);
        long when = System.nanoTime() + random.nextInt(60_000);
        Future<?> edit =
            editor.submit(() ->
                edit(
                    Save.BY_RENAME,
                    file,
                    saved,
                    FileChannel.open(file, StandardOpenOption.APPEND),
                    when));
        if (Digest.of(Files.readAllBytes(file)).equals(Digest.of(base.getBytes(UTF_8)))) {
          Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
          edit.get();
          lost += Files.readString(file).equals(saved) ? 0 : 1;
        } else {
          edit.get();
        }
      }
    }
    Figures.add("race-control-rounds", rounds);
    Figures.add("race-control-lost", lost);
    assertThat(lost).as("of %d", rounds).isPositive();
  }
}
