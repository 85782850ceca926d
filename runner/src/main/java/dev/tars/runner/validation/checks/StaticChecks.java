package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Every check that needs no box, over one change set; one file is in memory at a time. */
public final class StaticChecks {
  /** Larger files are not looked into, and a finding says so. */
  private static final long LARGEST = 8L << 20;

  private final CheckRules rules;
  private final List<FileCheck> checks;

  /**
   * The checks of one policy.
   *
   * @param files what it says of what a written file is
   */
  public StaticChecks(CheckRules rules, Function<FileFacts, Decision> files) {
    this.rules = rules;
    this.checks =
        List.of(
            new NameCheck(rules.structural()),
            new HandoffCheck(),
            new FileRulesCheck(files),
            new ModeCheck(),
            new LockedConfigurationCheck(rules.tests().locked()),
            new BinaryCheck(rules),
            new UnicodeCheck(rules),
            new TextFormCheck(),
            new PublicSurface(),
            new SecretCheck(rules),
            new TestCheck(rules),
            new PomCheck(),
            new PackageJsonCheck(),
            new SupplyCheck(),
            new SyntaxCheck(rules));
  }

  /** Adds what it finds. */
  public void check(ChangeSet changeSet, Contents contents, Findings findings) {
    for (Change change : changeSet.changes()) {
      one(change, contents, findings);
    }
    AfterTree after = new AfterTree(changeSet, contents);
    new NestedRepositoryCheck(changeSet, after).check(findings);
    new LinkCheck(rules, after).check(changeSet, findings);
    if (!rules.structural()) {
      new CollisionCheck(changeSet, contents, after).check(findings);
    }
  }

  private void one(Change change, Contents contents, Findings findings) {
    if (tooLarge(change.after())) {
      findings.add(
          "content.unchecked",
          Severity.REVIEW,
          change.path(),
          0,
          "is larger than " + (LARGEST >> 20) + " MiB and was not looked into");
    }
    ChangedFile file =
        ChangedFile.of(
            change,
            readable(change.before()) ? Optional.of(contents.before(change)) : Optional.empty(),
            readable(change.after()) ? Optional.of(contents.after(change)) : Optional.empty());
    checks.forEach(check -> check.check(file, findings));
  }

  private static boolean readable(Optional<TreeEntry> entry) {
    return entry.orElse(null) instanceof TreeEntry.RegularFile file && file.size() <= LARGEST;
  }

  private static boolean tooLarge(Optional<TreeEntry> entry) {
    return entry.orElse(null) instanceof TreeEntry.RegularFile file && file.size() > LARGEST;
  }
}
