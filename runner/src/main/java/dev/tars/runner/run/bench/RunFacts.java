package dev.tars.runner.run.bench;

import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.expression.Facts;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.TestDelta;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeStats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What conditions may name, from what the host itself has seen. */
public final class RunFacts {
  /** What a condition sees of a command that had no exit status. */
  private static final int NO_EXIT = -1;

  private RunFacts() {}

  /** Who acts: the kernel says the name, the policy says which names are programs. */
  public static Facts.Actor actor(String user, EffectivePolicy policy) {
    return new Facts.Actor(
        user,
        policy.approval().agents().contains(user)
            ? Facts.Actor.Kind.AGENT
            : Facts.Actor.Kind.HUMAN);
  }

  public static Facts.Step step(Evidence.StepRecord step) {
    return new Facts.Step(
        word(step.result()), step.exitCode().orElse(NO_EXIT), step.elapsed().toMillis());
  }

  /** The steps of a run, as its context keeps them. */
  public static Facts.Run run(RunContext context) {
    Map<String, Facts.Step> steps = new LinkedHashMap<>();
    context.record().evidence().steps().forEach(s -> steps.put(s.id(), step(s)));
    return new Facts.Run(steps, context.origin().options().dryRun());
  }

  public static Facts.Change change(ChangeSet changeSet, ObjectStore objects) {
    List<Facts.File> files = new ArrayList<>();
    List<String> directories = new ArrayList<>();
    long added = 0;
    long removed = 0;
    long size = 0;
    for (Change change : changeSet.changes()) {
      TreeEntry entry = change.after().or(change::before).orElseThrow();
      if (change.after().or(change::before).filter(RunFacts::isDirectory).isPresent()
          && change.before().filter(e -> !isDirectory(e)).isEmpty()) {
        directories.add(change.path().bytes().lossyText());
        continue;
      }
      ChangeStats.Lines lines = ChangeStats.Lines.of(change, objects);
      Facts.File file = file(change, entry, lines);
      files.add(file);
      added += lines.added();
      removed += lines.removed();
      size += file.size();
    }
    return new Facts.Change(files, directories, added, removed, size);
  }

  private static boolean isDirectory(TreeEntry entry) {
    return entry instanceof TreeEntry.Directory;
  }

  private static Facts.File file(Change change, TreeEntry entry, ChangeStats.Lines lines) {
    boolean link = entry instanceof TreeEntry.Symlink;
    long size = change.after().orElse(null) instanceof TreeEntry.RegularFile f ? f.size() : 0;
    return new Facts.File(
        change.path().bytes().lossyText(),
        word(change.operation()),
        link ? "symlink" : isDirectory(entry) ? "directory" : "file",
        size,
        link ? "" : "%03o".formatted(entry.mode()),
        !link && !lines.text(),
        lines.added(),
        lines.removed());
  }

  public static Map<String, Facts.Gate> gates(List<GateResult> results) {
    Map<String, Facts.Gate> gates = new LinkedHashMap<>();
    results.forEach(
        g -> gates.put(g.id(), new Facts.Gate(word(g.result()), g.elapsed().toMillis())));
    return gates;
  }

  /** The tests of all gates together. */
  public static Facts.Tests tests(List<GateResult> results) {
    long run = 0;
    long failed = 0;
    long skipped = 0;
    long fixed = 0;
    long broken = 0;
    long vanished = 0;
    for (TestDelta tests :
        results.stream().map(GateResult::tests).flatMap(Optional::stream).toList()) {
      run += tests.run();
      failed += tests.failed();
      skipped += tests.skipped();
      fixed += tests.fixed().size();
      broken += tests.broken().size();
      vanished += tests.vanished().size();
    }
    return new Facts.Tests(run, failed, skipped, fixed, broken, vanished);
  }

  public static Facts.Verdict verdict(Verdict verdict) {
    return new Facts.Verdict(
        word(verdict.result()),
        verdict.findings().stream()
            .map(f -> new Facts.Finding(f.rule(), word(f.severity()), f.path(), f.message()))
            .toList());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
