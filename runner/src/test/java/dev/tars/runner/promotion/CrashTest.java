package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.workspace.ChangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process ends, or the disk fails, at every call that changes something: afterwards every path
 * is as before or as approved, as the log says. The defaults take a sample that ends soon: {@code
 * -Dtars.crash.step=1} strikes at every call, {@code -Dtars.crash.stride=1} ends the recovery of
 * every crash at every call too. {@code scripts/crash-test} does all of it.
 */
class CrashTest {
  private static final int STRIDE = Integer.getInteger("tars.crash.stride", 60);
  private static final int STEP = Integer.getInteger("tars.crash.step", 4);
  private static final int MOST_CALLS = 5_000;

  @TempDir private Path temporary;
  private int number;

  /** A workspace, what is done to it, and both trees that are right afterwards. */
  private record Case(
      String name,
      Path base,
      String id,
      SortedMap<String, String> old,
      SortedMap<String, String> wanted,
      Function<PromotionFixture, PromotionOutcome> act) {}

  @Test
  void aPromotionOfEveryKindSurvivesACrashAtEveryCall() {
    int states = crashEverywhere("promote", () -> promotion(PromotionFixture::everyKind));
    assertThat(states).isGreaterThan(100);
  }

  @Test
  void aPromotionOfAFewFilesSurvivesACrashAtEveryCall() {
    int states = crashEverywhere("promote-few", () -> promotion(PromotionFixture::few));
    assertThat(states).isGreaterThan(30);
  }

  @Test
  void aRollbackSurvivesACrashAtEveryCall() {
    int states = crashEverywhere("rollback", this::rollback);
    assertThat(states).isGreaterThan(100);
  }

  @Test
  void aDiskThatFailsOnceLeavesTheTreeAsItWasOrDone() {
    int states = 0;
    for (Errno error : List.of(Errno.ENOSPC, Errno.EIO, Errno.EROFS)) {
      states +=
          failEverywhere("fail-" + error, () -> promotion(PromotionFixture::everyKind), error);
    }
    assertThat(states).isGreaterThan(300 / STEP);
  }

  @Test
  void aDiskThatFailsOnceLeavesARollbackAsItWasOrDone() {
    assertThat(failEverywhere("fail-rollback", this::rollback, Errno.ENOSPC))
        .isGreaterThan(100 / STEP);
  }

  @Test
  void aDiskThatFailsForGoodIsRecoveredOnceItWorksAgain() {
    int states = 0;
    for (int n = 1; n < MOST_CALLS; n += STEP) {
      Case c = promotion(PromotionFixture::everyKind);
      FaultyDisk disk = FaultyDisk.failingAt(n, Errno.EROFS, Integer.MAX_VALUE);
      Optional<PromotionOutcome> outcome = attempt(c, disk);
      if (!disk.struck()) {
        break;
      }
      assertThat(isRight(c, recovered(c))).as("failing for good at %s", disk.hit()).isTrue();
      if (!inDoubt(outcome)) { // which says that only the next command knows
        assertThat(recovered(c).tree())
            .as("what it said, failing for good at %s", disk.hit())
            .isEqualTo(
                outcome.orElse(null) instanceof PromotionOutcome.Committed ? c.wanted() : c.old());
      }
      states++;
      forget(c);
    }
    Figures.add("fail-for-good", states);
    assertThat(states).isGreaterThan(100 / STEP);
  }

  private static boolean inDoubt(Optional<PromotionOutcome> outcome) {
    return outcome.orElse(null) instanceof PromotionOutcome.Failed failed
        && failed.cause().code() == FailureCode.IN_DOUBT;
  }

  private int crashEverywhere(String name, java.util.function.Supplier<Case> make) {
    int states = 0;
    int nested = 0;
    for (int n = 1; n < MOST_CALLS; n++) {
      Case c = make.get();
      FaultyDisk disk = FaultyDisk.crashingAt(n);
      if (attempt(c, disk).isPresent()) {
        assertThat(recovered(c).tree()).isEqualTo(c.wanted());
        break;
      }
      states++;
      if (n % STRIDE == STRIDE / 2) {
        nested += crashRecovery(make, n);
      }
      assertThat(isRight(c, recovered(c)))
          .as(trouble(c, "crash " + n + " at " + disk.hit()))
          .isTrue();
      forget(c);
    }
    Figures.add(name, states);
    Figures.add(name + "-recovery", nested);
    return states;
  }

  /** Ends recovery, too, at every call; what is left of both must be recoverable. */
  private int crashRecovery(java.util.function.Supplier<Case> make, int n) {
    for (int m = 1; m < MOST_CALLS; m++) {
      Case c = make.get();
      assertThat(attempt(c, FaultyDisk.crashingAt(n))).isEmpty();
      FaultyDisk disk = FaultyDisk.crashingAt(m);
      boolean survived = attempt(c, disk, at -> at.recover()).isPresent();
      assertThat(isRight(c, recovered(c)))
          .as(trouble(c, "crash " + n + ", then in recovery " + m + " at " + disk.hit()))
          .isTrue();
      forget(c);
      if (survived) {
        return m - 1;
      }
    }
    throw new AssertionError("recovery never ends");
  }

  private int failEverywhere(String name, java.util.function.Supplier<Case> make, Errno error) {
    int states = 0;
    for (int n = 1; n < MOST_CALLS; n += STEP) {
      Case c = make.get();
      FaultyDisk disk = FaultyDisk.failingAt(n, error, 1);
      Optional<PromotionOutcome> outcome = attempt(c, disk);
      if (!disk.struck()) {
        break;
      }
      states++;
      String where = error + " at call " + n + ", " + disk.hit();
      SortedMap<String, String> now = c.base().resolve("ws").toFile().exists() ? tree(c) : c.old();
      if (outcome.orElse(null) instanceof PromotionOutcome.Committed) {
        assertThat(withoutStaging(now)).as(where).isEqualTo(c.wanted());
      } else {
        outcome.ifPresent(o -> assertThat(o).as(where).isInstanceOf(PromotionOutcome.Failed.class));
        if (!disk.hit().contains("sync")) { // after a failed sync all stays until a person looks
          assertThat(withoutStaging(now)).as(where).isEqualTo(c.old());
        }
      }
      assertThat(isRight(c, disk.hit().contains("sync") ? settled(c) : recovered(c)))
          .as(trouble(c, where))
          .isTrue();
      forget(c);
    }
    Figures.add(name, states);
    return states;
  }

  private Case promotion(Function<PromotionFixture, ChangeSet> what) {
    Path base = temporary.resolve("p" + number++);
    PromotionFixture at = PromotionFixture.make(base);
    ChangeSet changes = what.apply(at);
    SortedMap<String, String> old = at.tree();
    return new Case("promote", base, "TX-1", old, wanted(changes, old), p -> p.promote(changes));
  }

  private Case rollback() {
    Path base = temporary.resolve("r" + number++);
    PromotionFixture at = PromotionFixture.make(base);
    SortedMap<String, String> before = at.tree();
    assertThat(at.promote(at.everyKind())).isInstanceOf(PromotionOutcome.Committed.class);
    return new Case("rollback", base, "TX-2", at.tree(), before, p -> p.rollback("TX-1"));
  }

  /** What a promotion that nothing disturbs makes of the tree. */
  private SortedMap<String, String> wanted(ChangeSet changes, SortedMap<String, String> old) {
    if (known.isPresent() && known.get().of().equals(changes)) {
      return known.get().tree();
    }
    Path base = temporary.resolve("w" + number++);
    PromotionFixture at = PromotionFixture.make(base);
    ChangeSet same = changes.changes().size() < 5 ? at.few() : at.everyKind();
    assertThat(same).isEqualTo(changes);
    assertThat(at.promote(same)).isInstanceOf(PromotionOutcome.Committed.class);
    SortedMap<String, String> tree = at.tree();
    assertThat(tree).isNotEqualTo(old);
    known = Optional.of(new Known(changes, tree));
    return tree;
  }

  private Optional<Known> known = Optional.empty();

  private record Known(ChangeSet of, SortedMap<String, String> tree) {}

  private static Optional<PromotionOutcome> attempt(Case c, FaultyDisk disk) {
    return attempt(c, disk, c.act());
  }

  /** Empty if it ended in a crash, or in an error before the transaction could be thought of. */
  private static <T> Optional<T> attempt(
      Case c, FaultyDisk disk, Function<PromotionFixture, T> act) {
    try {
      return Optional.of(act.apply(PromotionFixture.open(c.base(), disk)));
    } catch (Crash crash) {
      return Optional.empty();
    } catch (RunnerException e) {
      assertThat(e.code()).isIn(FailureCode.IO_FAILED, FailureCode.DISK_FULL, FailureCode.IN_DOUBT);
      return Optional.empty();
    } catch (dev.tars.runner.store.DiskException e) {
      assertThat(disk.struck()).isTrue();
      return Optional.empty();
    }
  }

  /** A failed sync: nothing goes on by itself if the log speaks of what it was about. */
  private static PromotionFixture settled(Case c) {
    PromotionFixture at = PromotionFixture.open(c.base(), dev.tars.runner.store.LinuxDisk.create());
    if (at.log.doubt().isPresent()) {
      org.assertj.core.api.Assertions.assertThatThrownBy(at::recover)
          .isInstanceOfSatisfying(
              RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IN_DOUBT));
    }
    assertThat(
            Recovery.of(at.layout, at.workspace, at.log)
                .recover(java.time.Duration.ZERO, true)
                .conflicts())
        .as(c.name())
        .isEmpty();
    assertThat(at.log.doubt()).isEmpty();
    return at;
  }

  private static PromotionFixture recovered(Case c) {
    PromotionFixture at = PromotionFixture.open(c.base(), dev.tars.runner.store.LinuxDisk.create());
    assertThat(at.recover().conflicts()).as(c.name()).isEmpty();
    return at;
  }

  /** New if and only if COMMIT is the last word of the log, else old; and nothing else anywhere. */
  private static boolean isRight(Case c, PromotionFixture at) {
    boolean committed =
        at.rollback().since("CTX-1").stream()
            .anyMatch(t -> t.id().text().equals(c.id()) && t.state() == Journal.State.COMMITTED);
    return at.tree().equals(committed ? c.wanted() : c.old())
        && at.log.verify(Optional.empty()).problem().filter(p -> !p.contains("torn")).isEmpty();
  }

  private static String trouble(Case c, String where) {
    var found = new java.util.TreeSet<>(tree(c).entrySet().stream().map(Object::toString).toList());
    var old = c.old().entrySet().stream().map(Object::toString).toList();
    var wanted = c.wanted().entrySet().stream().map(Object::toString).toList();
    var both = new java.util.TreeSet<>(found);
    old.forEach(found::remove);
    wanted.forEach(both::remove);
    return where + "; not old: " + found + "; not new: " + both;
  }

  private static SortedMap<String, String> tree(Case c) {
    return PromotionFixture.open(c.base(), dev.tars.runner.store.LinuxDisk.create()).tree();
  }

  private static SortedMap<String, String> withoutStaging(SortedMap<String, String> tree) {
    tree.keySet().removeIf(path -> path.startsWith(".tars-tx-"));
    return tree;
  }

  private static void forget(Case c) {
    try (Stream<Path> all = Files.walk(c.base())) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
