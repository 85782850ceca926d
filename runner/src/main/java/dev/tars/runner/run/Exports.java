package dev.tars.runner.run;

import dev.tars.runner.bundle.BundleWriter;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.JudgedVerdict;
import dev.tars.runner.context.KeptEvidence;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.run.people.ApprovalDesk;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@code execute export}: the evidence of a context, signed, for another machine. */
public final class Exports {
  private final Workbench bench;

  public Exports(Workbench bench) {
    this.bench = bench;
  }

  /**
   * Signs what the audit log vouches for, and puts it on record.
   *
   * @throws RunnerException NOT_FOUND without a verdict, POLICY_DENIED for who may not be told all
   *     of it, INTEGRITY if the context is not what its run left
   */
  public BundleWriter.Ready sign(ContextDir dir) {
    Contexts contexts = new Contexts(bench.layout());
    contexts.toldTo(bench.user()).telling(dir).requireWhole("its evidence", dir.id().text());
    ContextRecord record = contexts.record(dir);
    JudgedVerdict judged =
        record
            .evidence()
            .verdict()
            .filter(_ -> !record.isWorking())
            .orElseThrow(() -> nothing(dir, record));
    ChangeSet changes = contexts.changeSet(dir);
    RunContext context = RunContext.open(dir, bench.clock(), _ -> {});
    new ApprovalDesk(bench, context).requireEvidence(dir.read(ContextFiles.VERDICT));
    if (!judged.verdict().changeSet().equals(ChangeSets.digest(changes))) {
      throw new RunnerException(
          FailureCode.INTEGRITY,
          "the verdict of " + dir.id() + " is about another change set",
          "run the improvement again");
    }
    try {
      KeptEvidence evidence = new KeptEvidence(bench.layout().disk(), dir);
      BundleWriter.Ready ready =
          new BundleWriter(evidence, bench.layout().objects(), bench.audit().get())
              .sign(record, changes, bench.clock().instant());
      var said = CanonicalJson.object().put("context", dir.id().text());
      said.put("changeSet", ChangeSets.digest(changes).toString()).put("user", bench.user());
      bench.audit().get().append("export", said);
      return ready;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunnerException nothing(ContextDir dir, ContextRecord record) {
    return RunnerException.of(
            FailureCode.NOT_FOUND, dir.id() + " has no verdict that could be exported")
        .note("its state is " + record.state().id())
        .help("see why with `tarscli execute status --context-id " + dir.id() + "`");
  }
}
