package dev.tars.runner.retention;

import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.State;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.workspace.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The contexts of a state directory as a collection sees them. */
final class StoredContexts {
  private final Workbench bench;
  private final Contexts contexts;

  StoredContexts(Workbench bench) {
    this.bench = bench;
    this.contexts = new Contexts(bench.layout());
  }

  /**
   * One of them.
   *
   * @param alive true while a process works on it
   * @param waits true if it can still be promoted
   */
  record Stored(ContextDir dir, State state, Instant at, boolean alive, boolean waits) {
    boolean hasFailed() {
      return !(state instanceof Ending.Done);
    }
  }

  /** All, oldest first; one that cannot be read stays out of it, and so stays. */
  List<Stored> all() {
    List<Stored> all = new ArrayList<>();
    for (ContextId id : bench.layout().contexts()) {
      ContextDir dir = bench.layout().context(id);
      try {
        all.add(read(dir));
      } catch (RunnerException damaged) {
        // not ours to judge
      }
    }
    return all;
  }

  private Stored read(ContextDir dir) {
    ContextRecord record = contexts.record(dir);
    return new Stored(
        dir,
        record.state(),
        record.progress().endedAt().orElse(record.origin().createdAt()),
        contexts.isAlive(dir),
        record.state() == Ending.Waiting.AWAITING_APPROVAL
            || record.state() == State.Working.APPROVED);
  }

  /** The objects that a context's patch, report and promotion need. */
  Set<Digest> objects(Stored context) {
    Set<Digest> needed = new HashSet<>();
    if (context.dir().has("changeset.json")) {
      try {
        for (Change change : contexts.changeSet(context.dir()).changes()) {
          add(change.before(), needed);
          add(change.after(), needed);
        }
      } catch (RunnerException damaged) {
        // what cannot be read needs nothing
      }
    }
    return needed;
  }

  private static void add(Optional<TreeEntry> entry, Set<Digest> needed) {
    if (entry.orElse(null) instanceof TreeEntry.RegularFile file) {
      needed.add(file.content());
    }
  }

  /** The baseline that a context may still be judged or promoted against. */
  Optional<Digest> tree(Stored context) {
    if (!context.alive() && !context.waits()) {
      return Optional.empty();
    }
    return contexts.record(context.dir()).evidence().base();
  }
}
