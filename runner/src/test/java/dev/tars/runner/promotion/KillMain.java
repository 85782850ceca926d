package dev.tars.runner.promotion;

import dev.tars.runner.store.LinuxDisk;
import java.nio.file.Path;

/** One operation in a process of its own, for {@link KillTest} to kill. */
final class KillMain {
  private KillMain() {}

  /** Arguments: {@code prepare|promote|rollback|recover} and the directory of the fixture. */
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
      default -> {
        // prepared
      }
    }
  }

  private static void require(PromotionOutcome outcome) {
    if (!(outcome instanceof PromotionOutcome.Committed)) {
      throw new IllegalStateException(outcome.toString());
    }
  }
}
