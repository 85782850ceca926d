package dev.tars.runner.plan;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.yaml.Nearest;
import dev.tars.runner.yaml.Problems;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What steps say of other steps besides {@code dependsOn}: backups, and what is undone. */
final class StepReferences {
  private final List<Step> ordered;
  private final Problems problems;
  private final Map<String, Step> byId = new LinkedHashMap<>();

  private StepReferences(List<Step> ordered, Problems problems) {
    this.ordered = ordered;
    this.problems = problems;
    ordered.forEach(s -> byId.put(s.id(), s));
  }

  static void check(List<Step> ordered, Problems problems) {
    new StepReferences(ordered, problems).check();
  }

  private void check() {
    Set<String> afterApproval = new HashSet<>();
    for (Step step : ordered) {
      switch (step.action()) {
        case StepAction.RestoreFiles restore -> backup(step, restore.from(), restore.files());
        case StepAction.RollBack back -> back.step().ifPresent(id -> undone(step, id));
        default -> {}
      }
      if (step.rollback().orElse(null) instanceof Step.Undo.RestoreBackup undo) {
        undo.from().ifPresent(from -> backup(step, from, files(step)));
      }
      approval(step, afterApproval);
    }
  }

  private static List<RelativePath> files(Step step) {
    return switch (step.action()) {
      case StepAction.EditFile e -> List.of(e.file());
      case StepAction.CreateFile c -> List.of(c.file());
      case StepAction.DeleteFile d -> List.of(d.file());
      default -> List.of();
    };
  }

  private void backup(Step step, String from, List<RelativePath> files) {
    Optional<Step> named = earlier(step, from);
    if (named.isEmpty()) {
      return;
    }
    if (!(named.get().action() instanceof StepAction.BackupFiles backup)) {
      problems.add(
          step.at(),
          "step '" + step.id() + "' restores from '" + from + "', which is no FileBackup step",
          "name a FileBackup step");
      return;
    }
    for (RelativePath file : files) {
      if (!backup.files().contains(file)) {
        problems.add(
            step.at(),
            "step '" + step.id() + "': " + file + " is not in the backup '" + from + "'",
            "add it to the files of that step");
      }
    }
  }

  private void undone(Step step, String id) {
    Optional<Step> named = earlier(step, id);
    named
        .filter(other -> other.type().isCommand() && !restoresBackup(other))
        .ifPresent(other ->
            problems.add(
                step.at(),
                "step '" + step.id() + "' undoes '" + id + "', which does not say how",
                "give that step rollback: { action: RestoreBackup, from: ID }"));
    named
        .filter(other ->
            other.type() == StepType.APPROVAL
                || other.type() == StepType.NOTIFICATION
                || other.type() == StepType.ROLLBACK)
        .ifPresent(other ->
            problems.add(
                step.at(),
                "step '" + step.id() + "' undoes '" + id + "', which changes no files",
                "name a step that changes files"));
  }

  private static boolean restoresBackup(Step step) {
    return step.rollback().orElse(null) instanceof Step.Undo.RestoreBackup r
        && r.from().isPresent();
  }

  /** A step that has certainly had its turn; otherwise a problem. */
  private Optional<Step> earlier(Step step, String id) {
    Step other = byId.get(id);
    if (other == null) {
      problems.add(
          step.at(),
          "step '" + step.id() + "' names '" + Escape.line(id) + "', which does not exist",
          Nearest.of(id, byId.keySet())
              .map(n -> "did you mean '" + n + "'?")
              .orElse("name a step of this file"));
      return Optional.empty();
    }
    if (ordered.indexOf(other) >= ordered.indexOf(step)) {
      problems.add(
          step.at(),
          "step '" + step.id() + "' names '" + id + "', which runs after it",
          "add it to dependsOn");
      return Optional.empty();
    }
    return Optional.of(other);
  }

  /** What waits for an approval runs when the plan is over: nothing else can wait for it. */
  private void approval(Step step, Set<String> afterApproval) {
    if (step.type() == StepType.APPROVAL) {
      afterApproval.add(step.id());
      return;
    }
    List<Step.Dependency> waiting =
        step.dependsOn().stream().filter(d -> afterApproval.contains(d.step())).toList();
    if (waiting.isEmpty()) {
      return;
    }
    if (step.type() != StepType.NOTIFICATION) {
      problems.add(
          step.at(),
          "step '"
              + step.id()
              + "' depends on '"
              + waiting.getFirst().step()
              + "', which runs"
              + " after the approval",
          "only Notification steps may; an approval never pauses a run");
      return;
    }
    if (waiting.stream().anyMatch(d -> d.result() != Step.Result.PASSED)) {
      problems.add(
          step.at(),
          "step '" + step.id() + "' waits for an approval that is not given",
          "a notification after an approval has a plain dependency on it");
    }
    afterApproval.add(step.id());
  }
}
