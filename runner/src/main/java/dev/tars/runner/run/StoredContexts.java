package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.workspace.Change;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
    this.contexts = new Contexts(bench.layout(), bench.clock());
  }

  /**
   * One of them.
   *
   * @param alive true while a process works on it
   * @param waits true if it can still be promoted
   */
  record Stored(ContextDir dir, ContextState state, Instant at, boolean alive, boolean waits) {
    boolean hasFailed() {
      return switch (state) {
        case PROMOTED, DRY_RUN_PASSED, ROLLED_BACK, PARTLY_ROLLED_BACK -> false;
        default -> true;
      };
    }
  }

  /** All, oldest first; one that cannot be read stays out of it, and so stays. */
  List<Stored> all() {
    List<Stored> all = new ArrayList<>();
    for (ContextId id : bench.layout().contexts()) {
      ContextDir dir = bench.layout().context(id);
      try {
        all.add(read(dir));
      } catch (RunnerException | IllegalArgumentException | DateTimeParseException damaged) {
        // not ours to judge
      }
    }
    return all;
  }

  private Stored read(ContextDir dir) {
    ObjectNode document = contexts.document(dir.id().text());
    ContextState state = ContextState.of(document.path("state").asText());
    String at = document.path("endedAt").asText(document.path("createdAt").asText());
    return new Stored(
        dir,
        state,
        Instant.parse(at),
        contexts.isAlive(dir),
        state == ContextState.AWAITING_APPROVAL || state == ContextState.APPROVED);
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
    String digest = contexts.document(context.dir().id().text()).path("baseDigest").asText();
    return digest.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(digest));
  }
}
