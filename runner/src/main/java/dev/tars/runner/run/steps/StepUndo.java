package dev.tars.runner.run.steps;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.plan.FileImage;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerCopy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Takes single steps back in the layer. What that needs is kept only where it may be needed. */
public final class StepUndo {
  private final Plan plan;
  private final Layer layer;
  private final LayerEdits edits;
  private final Backups backups;
  private final Map<String, Step> byId = new HashMap<>();
  private final Set<String> namedByRollback = new HashSet<>();
  private final Map<String, LayerCopy> copies = new HashMap<>();
  private int number;

  public StepUndo(Plan plan, Layer layer, LayerEdits edits, Backups backups) {
    this.plan = plan;
    this.layer = layer;
    this.edits = edits;
    this.backups = backups;
    for (Step step : plan.steps()) {
      byId.put(step.id(), step);
      if (step.action() instanceof StepAction.RollBack back) {
        back.step().ifPresent(namedByRollback::add);
      }
    }
  }

  /** Keeps what a step is about to change. */
  void before(Step step) {
    if (isFileStep(step) && mayBeUndone(step)) {
      for (RelativePath path : LayerEdits.touched(step)) {
        backups.save(step.id(), path, edits.now(path));
      }
    }
    if (!isFileStep(step) && needsCopy(step)) {
      edits.flush();
      copies.put(step.id(), LayerCopy.take(layer, ++number));
    }
  }

  /** File steps are tried again on what was there; commands on the layer as it is. */
  void beforeRetry(Step step) {
    if (isFileStep(step)) {
      backups.of(step.id()).forEach(edits::restore);
    }
  }

  void undo(String id) {
    undo(Objects.requireNonNull(byId.get(id)));
  }

  /** Does what the step's rollback says; without one, what the step changed is as before it. */
  void undo(Step step) {
    switch (step.rollback().orElse(new Step.Undo.RestoreBackup(Optional.empty()))) {
      case Step.Undo.DeleteCreated _ ->
          LayerEdits.touched(step).forEach(p -> edits.restore(p, Optional.empty()));
      case Step.Undo.RestoreBackup restore ->
          restore.from().ifPresentOrElse(from -> fromBackup(step, from), () -> fromOwn(step));
    }
  }

  private void fromBackup(Step step, String from) {
    Map<RelativePath, Optional<FileImage>> kept = backups.of(from);
    Set<RelativePath> own = LayerEdits.touched(step);
    kept.forEach((path, image) -> {
      if (own.isEmpty() || own.contains(path)) {
        edits.restore(path, image);
      }
    });
  }

  private void fromOwn(Step step) {
    LayerCopy copy = copies.remove(step.id());
    if (copy != null) {
      edits.discard();
      copy.restore();
      return;
    }
    backups.of(step.id()).forEach(edits::restore);
  }

  /** Removes the copies that nobody needed. */
  void forget() {
    copies.values().forEach(LayerCopy::discard);
    copies.clear();
  }

  private boolean mayBeUndone(Step step) {
    return step.onFailure() == Step.OnFailure.ROLLBACK
        || step.retries() > 0
        || step.rollback().isPresent()
        || namedByRollback.contains(step.id());
  }

  /**
   * A copy of the layer costs as much as what is in it. A failed command that ends the plan needs
   * none unless a clean-up step would see what it left.
   */
  private boolean needsCopy(Step step) {
    boolean ownBackup =
        step.rollback().orElse(null) instanceof Step.Undo.RestoreBackup r && r.from().isPresent();
    return step.type().isCommand()
        && step.onFailure() == Step.OnFailure.ROLLBACK
        && !ownBackup
        && isSeenAfterwards(step);
  }

  private boolean isSeenAfterwards(Step step) {
    List<Step> after = plan.steps().subList(plan.steps().indexOf(step) + 1, plan.steps().size());
    return after.stream()
        .flatMap(s -> s.dependsOn().stream())
        .anyMatch(d ->
            switch (d.result()) {
              case PASSED -> false;
              case FAILED -> d.step().equals(step.id());
              case SKIPPED, ANY -> true;
            });
  }

  private static boolean isFileStep(Step step) {
    return !LayerEdits.touched(step).isEmpty();
  }
}
