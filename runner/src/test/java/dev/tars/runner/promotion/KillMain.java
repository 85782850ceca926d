package dev.tars.runner.promotion;

import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One operation in a process of its own, for {@link KillTest} and {@link ProcessesTest} to kill.
 */
final class KillMain {
  private KillMain() {}

  /**
   * Arguments: {@code prepare|promote|rollback|recover} and the directory of the fixture, or {@code
   * loop}, the directory, a seed and names of files: promotes to some of them until it is killed.
   */
  public static void main(String[] arguments) {
    Path base = Path.of(arguments[1]);
    PromotionFixture at =
        arguments[0].equals("prepare")
            ? PromotionFixture.make(base)
            : PromotionFixture.open(base, LinuxDisk.create());
    switch (arguments[0]) {
      case "promote" -> require(at.promote(at.everyKind()));
      case "rollback" -> require(at.rollback("TX-1"));
      case "recover" -> at.recover();
      case "loop" ->
          loop(
              at,
              new Random(Long.parseLong(arguments[2])),
              List.of(arguments).subList(3, arguments.length));
      default -> {
        // prepared
      }
    }
  }

  /**
   * Others do the same at the same time: a lock that is held, or a file that moved, is no error.
   */
  private static void loop(PromotionFixture at, Random random, List<String> names) {
    while (true) {
      try {
        List<Change> changes = new ArrayList<>();
        for (String name : names) {
          if (random.nextBoolean()) {
            Optional<TreeEntry> next =
                random.nextInt(5) == 0
                    ? Optional.empty()
                    : at.of("number " + random.nextInt(1000), 0644);
            if (!next.equals(at.entry(name))) {
              changes.add(at.change(name, next));
            }
          }
        }
        if (!changes.isEmpty()) {
          ChangeSet set = PromotionFixture.changeSet(changes.toArray(new Change[0]));
          at.promote(set);
        }
      } catch (RunnerException | IllegalArgumentException e) {
        Thread.onSpinWait(); // locked, or changed between two looks
      }
    }
  }

  private static void require(PromotionOutcome outcome) {
    if (!(outcome instanceof PromotionOutcome.Committed)) {
      throw new IllegalStateException(outcome.toString());
    }
  }
}
