package dev.tars.runner.validation.control;

import dev.tars.runner.validation.control.ControlRun.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Planted tests and what a gate reported of them to whether it can say no. Pure. What the same
 * planted tests show on the baseline is the measure: what shows there must show after the change.
 */
public final class ControlJudge {
  private final List<Sentinel> sentinels;
  private final ControlRun after;

  public ControlJudge(Planting.Planted planted, ControlRun after) {
    this.sentinels = planted.sentinels();
    this.after = after;
  }

  /** The answer if the run after the change is enough for one. */
  public Optional<Control> alone() {
    boolean right = after.exitCode() != 0 && sentinels.stream().allMatch(this::isRight);
    return right ? Optional.of(proven(sentinels, "")) : Optional.empty();
  }

  /** The answer with a run on the baseline beside it. */
  public Control against(ControlRun before) {
    if (after.exitCode() == 0 && before.exitCode() != 0) {
      return Control.failed("it ends with 0 though planted tests must fail");
    }
    List<Sentinel> shown = new ArrayList<>();
    Optional<Sentinel> weak = Optional.empty();
    for (Sentinel sentinel : sentinels) {
      Shown now = after.shown(sentinel);
      Shown then = before.shown(sentinel);
      if (now == Shown.RIGHT) {
        shown.add(sentinel);
      } else if (now == Shown.WRONG && then != Shown.WRONG) {
        return Control.failed(wrong(sentinel));
      } else if (now == Shown.WRONG && sentinel.throwsError()) {
        return Control.failed(wrong(sentinel) + ", before the change too");
      } else if (now == Shown.WRONG) {
        weak = Optional.of(sentinel);
      } else if (then == Shown.RIGHT && sentinel.place() != Sentinel.Place.ALTERED) {
        return Control.failed("a planted test" + kind(sentinel) + " is not in its reports");
      }
    }
    if (weak.isPresent()) {
      return Control.uncontrolled(wrong(weak.get()) + ", before the change too");
    }
    boolean enough =
        shown.stream().anyMatch(Sentinel::throwsError) && shown.stream().anyMatch(s -> !s.red());
    return enough
        ? proven(shown, missing(sentinels.size() - shown.size()))
        : Control.uncontrolled("planted tests do not run here, before the change neither");
  }

  private static String missing(int count) {
    return count == 0 ? "" : count + " planted tests do not run here, before the change neither";
  }

  private boolean isRight(Sentinel sentinel) {
    return after.shown(sentinel) == Shown.RIGHT;
  }

  private static String wrong(Sentinel sentinel) {
    return "a planted test" + kind(sentinel) + (sentinel.red() ? " is not red" : " is not green");
  }

  private static String kind(Sentinel sentinel) {
    return sentinel.red() ? " that must fail by " + sentinel.way() : " that must pass";
  }

  private static Control proven(List<Sentinel> shown, String note) {
    int red = (int) shown.stream().filter(Sentinel::red).count();
    return new Control(
        Control.Result.PROVEN, red, shown.size() - red, note, java.time.Duration.ZERO);
  }
}
