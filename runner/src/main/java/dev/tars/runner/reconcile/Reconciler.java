package dev.tars.runner.reconcile;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.RunnerLock;
import dev.tars.runner.context.State;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings records up to the log: for a reader in memory, for who goes on with a context on disk. A
 * context whose process is alive, or that ended, is left alone. Safe for any thread.
 */
public final class Reconciler implements Contexts.Successor {
  private final StoreLayout layout;
  private final Clock clock;

  public Reconciler(StoreLayout layout, Clock clock) {
    this.layout = layout;
    this.clock = clock;
  }

  @Override
  public ContextRecord after(ContextRecord record) {
    return proof(record).map(p -> Derivation.of(record, p)).orElse(record);
  }

  /**
   * Publishes what the log proves of a context, if its process is gone and did not say it.
   *
   * @return a sentence for people, if something was behind
   */
  public Optional<String> settle(ContextDir dir) {
    if (!dir.has(ContextFiles.CONTEXT) || RunnerLock.isHeld(layout.disk(), dir)) {
      return Optional.empty();
    }
    try (RunnerLock _ = RunnerLock.take(layout.disk(), dir)) {
      RunContext context = RunContext.open(dir, clock, _ -> {});
      State before = context.state();
      ContextRecord proven = after(context.record());
      if (proven.equals(context.record()) || isOnlyLost(proven)) {
        return Optional.empty();
      }
      // Durable, and with it whatever it rests on, which a killed process may not have synced.
      log(context.record())
          .ifPresent(log ->
              log.append(
                  "reconciled",
                  CanonicalJson.object()
                      .put("context", dir.id().text())
                      .put("was", before.id())
                      .put("state", proven.state().id())));
      String what = dir.id() + " is " + proven.state().id() + ", which its process did not say";
      context.succeed(proven, "its process died while it was " + before.id());
      return Optional.of(what);
    }
  }

  /** Nothing is written for it: a reader concludes it, and nothing more can be told. */
  private static boolean isOnlyLost(ContextRecord proven) {
    return proven.state() == Ending.Failed.LOST;
  }

  /**
   * The same for many; one that cannot be read or written hides no other.
   *
   * @return a sentence for each that was behind
   */
  public List<String> settle(List<ContextId> ids) {
    List<String> settled = new ArrayList<>();
    for (ContextId id : ids) {
      try {
        settle(layout.context(id)).ifPresent(settled::add);
      } catch (RunnerException | DiskException e) {
        // It is another user's, or damaged: `tarscli execute status` says so.
      }
    }
    return settled;
  }

  private Optional<Proof> proof(ContextRecord record) {
    return place(record)
        .map(place -> Proof.of(AuditLog.open(layout, place, clock), layout, place, record.id()));
  }

  private Optional<AuditLog> log(ContextRecord record) {
    return place(record).map(place -> AuditLog.open(layout, place, clock));
  }

  /** Where the log of its workspace is; empty if the workspace is gone, and the log nobody's. */
  private Optional<WorkspaceDir> place(ContextRecord record) {
    try {
      return layout.known(Path.of(record.origin().place().workspace()));
    } catch (RunnerException e) {
      return Optional.empty();
    }
  }
}
