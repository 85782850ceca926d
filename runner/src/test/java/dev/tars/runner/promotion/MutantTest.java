package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.promotion.Interleaver.Edit;
import dev.tars.runner.promotion.MutantDisk.Action;
import dev.tars.runner.promotion.MutantDisk.Mutant;
import dev.tars.runner.store.Disk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Takes one barrier, check or flag out of the runner, or puts it elsewhere, and asks whether the
 * explorers notice: each does, or what they say of the runner itself is worth nothing.
 */
class MutantTest {
  private static final Explorer.Effort PLAIN = new Explorer.Effort(4, 0, 0, 0, 1, 2, 7);
  private static final Explorer.Effort TORN = new Explorer.Effort(0, 9, 0, 0, 0, 2, 7);
  private static final Explorer.Effort KILLED = new Explorer.Effort(0, 0, 0, 1, 0, 2, 7);
  private static final Explorer.Effort KILLED_NESTED = new Explorer.Effort(0, 0, 0, 1, 1, 2, 7);
  private static final Explorer.Effort FAST = new Explorer.Effort(3, 0, 0, 0, 0, 2, 7);
  private static final Explorer.Effort NESTED = new Explorer.Effort(2, 0, 4, 5, 2, 2, 7);

  /** Where a mutant is looked for. */
  private interface Hunt extends Function<UnaryOperator<Disk>, List<String>> {}

  private record Case(Mutant mutant, Hunt hunt) {}

  private static Hunt cuts(String... shapes) {
    return cuts(PLAIN, shapes);
  }

  private static Hunt cuts(Explorer.Effort effort, String... shapes) {
    return wrap -> {
      Explorer explorer = new Explorer(effort, wrap, true);
      try (explorer) {
        for (String shape : shapes) {
          explorer.explore(Shape.named(shape), false);
          explorer.explore(Shape.named(shape), true);
        }
      }
      return explorer.violations();
    };
  }

  private static Hunt edits(String shape, String path, Edit... edits) {
    return wrap -> {
      Interleaver people = new Interleaver(wrap, 1, true);
      people.explore(Shape.named(shape), List.of(path), List.of(edits));
      return people.violations();
    };
  }

  private static Hunt editsInRecovery(String path, Edit... edits) {
    return wrap -> {
      Interleaver people = new Interleaver(wrap, 1, true);
      people.exploreRecovery(Shape.named("a few files"), List.of(path), List.of(edits));
      return people.violations();
    };
  }

  private static final String FEW = "a few files";
  private static final String VERIFIED = "a few files, as verified";
  private static final String MANY = "many changed";

  private static Case mutant(
      String name, String call, String site, String within, Action action, Hunt hunt) {
    return new Case(new Mutant(name, List.of(call.split(" ")), site, within, action), hunt);
  }

  private static List<Case> all() {
    return List.of(
        mutant(
            "B1 few: the store is not synced",
            "fsync",
            "ObjectStore.sync",
            "",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "B1 few: what is staged is not synced",
            "fsync",
            "Staging.sync",
            "",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "B1 many: the store is not synced",
            "syncfs",
            "ObjectStore.sync",
            "",
            Action.DROP,
            cuts(FAST, MANY)),
        mutant(
            "B1 many: what is staged is not synced",
            "syncfs",
            "Staging.sync",
            "",
            Action.DROP,
            cuts(FAST, MANY)),
        mutant("B1 few after INTENT", "fsync", "ObjectStore.sync", "", Action.DEFER, cuts(FEW)),
        mutant(
            "B1 many after INTENT",
            "syncfs",
            "ObjectStore.sync",
            "",
            Action.DEFER,
            cuts(FAST, MANY)),
        mutant(
            "B2: INTENT is not synced",
            "fdatasync",
            "AuditLog.append",
            "Journal.intent",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "B2 at the next record",
            "fdatasync",
            "AuditLog.append",
            "Journal.intent",
            Action.DEFER,
            cuts(FEW)),
        mutant(
            "B3 few: the names are not synced",
            "fsync",
            "Transactions.barrier",
            "",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "B3 many: the names are not synced",
            "syncfs",
            "Transactions.barrier",
            "",
            Action.DROP,
            cuts(FAST, MANY)),
        mutant("B3 few after COMMIT", "fsync", "Transactions.barrier", "", Action.DEFER, cuts(FEW)),
        mutant(
            "B3 many after COMMIT",
            "syncfs",
            "Transactions.barrier",
            "",
            Action.DEFER,
            cuts(FAST, MANY)),
        mutant(
            "B4: neither COMMIT nor its checkpoint is synced",
            "fdatasync",
            "AuditLog.append",
            "Journal.end|Journal.checkpoint",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "BEGIN is not synced",
            "fdatasync",
            "AuditLog.append",
            "Journal.begin",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "recovery: what it undid is not synced",
            "syncfs",
            "Recovery.undo",
            "",
            Action.DROP,
            cuts(NESTED, FEW)),
        mutant(
            "recovery: what it undid is synced after ABORT",
            "syncfs",
            "Recovery.undo",
            "",
            Action.DEFER,
            cuts(NESTED, FEW)),
        mutant(
            "recovery: the log is not synced before it is read",
            "fdatasync",
            "AuditLog.sync",
            "",
            Action.DROP,
            cuts(KILLED, FEW)),
        mutant(
            "a number is not taken for good",
            "fsync",
            "StoreLayout.newTransactionId",
            "",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "the place of the log is not synced",
            "fsync",
            "AuditLog.begin",
            "",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "the signing key is not synced",
            "fsync",
            "AtomicFile.beside",
            "",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "a staging directory that goes is not synced",
            "fsync",
            "Staging.discard",
            "",
            Action.DROP,
            cuts(NESTED, FEW)),
        mutant(
            "what is kept for a day is not synced",
            "fsync",
            "Displaced.retire",
            "",
            Action.DROP,
            cuts("rollback of a few files")),
        mutant(
            "a torn record is not cut off",
            "truncate",
            "AuditLog.catchUp",
            "",
            Action.DROP,
            cuts(TORN, FEW)),
        mutant("modes are not set", "chmod", "Staging.metadata", "", Action.DROP, cuts("modes")),
        mutant(
            "times are not brought back",
            "setModified",
            "Staging.metadata",
            "",
            Action.DROP,
            cuts("rollback of a few files")),
        mutant(
            "the object is not moved into the store before its file is displaced",
            "rename",
            "ObjectStore.moveIn",
            "Preconditions.save",
            Action.DROP,
            cuts(FEW)),
        mutant(
            "what is staged is not what was hashed",
            "write",
            "SparseWriter.write",
            "Staging.file",
            Action.FLIP,
            cuts(FEW)),
        mutant(
            "no hash after EXCHANGE",
            "stat open",
            "HostTree.entry",
            "Mutation.replace",
            Action.BLIND,
            edits(VERIFIED, "modified", Edit.SAVE)),
        mutant(
            "no hash after a deletion",
            "stat open",
            "HostTree.entry",
            "Mutation.remove",
            Action.BLIND,
            edits(VERIFIED, "deleted", Edit.SAVE)),
        mutant(
            "EXCHANGE is REPLACE",
            "rename",
            "Mutation.replace",
            "",
            Action.REPLACE,
            edits(VERIFIED, "modified", Edit.SAVE)),
        mutant(
            "a new file is put in place by REPLACE",
            "rename",
            "Mutation.create",
            "",
            Action.REPLACE,
            edits(VERIFIED, "made", Edit.SAVE)),
        mutant(
            "a file is put back by REPLACE",
            "rename",
            "Mutation.putBack",
            "",
            Action.REPLACE,
            edits(VERIFIED, "deleted", Edit.TWICE)),
        mutant(
            "undo brings back by REPLACE",
            "rename",
            "Undo.back",
            "",
            Action.REPLACE,
            editsInRecovery("deleted", Edit.SAVE)),
        mutant(
            "undo exchanges by REPLACE",
            "rename",
            "Undo.exchange",
            "",
            Action.REPLACE,
            editsInRecovery("modified", Edit.SAVE)),
        mutant(
            "a save that was met is exchanged back neither at once nor by undo",
            "rename",
            "Mutation.replace|Undo.exchange",
            "",
            Action.DROP_WAY_BACK,
            edits(VERIFIED, "modified", Edit.SAVE)),
        mutant(
            "undo does not exchange a save back",
            "rename",
            "Undo.exchange",
            "",
            Action.DROP_WAY_BACK,
            editsInRecovery("modified", Edit.SAVE)),
        mutant(
            "undo does not put a save back",
            "rename",
            "Undo.takeAway",
            "",
            Action.DROP_WAY_BACK,
            editsInRecovery("made", Edit.SAVE)),
        mutant(
            "undo takes files away after the directories that they are in",
            "rename",
            "Undo.takeAway",
            "",
            Action.DEFER,
            cuts(NESTED, "new directories")),
        mutant(
            "undo takes directories away after it says that it is done",
            "rmdir",
            "Undo.takeAway",
            "",
            Action.DEFER,
            cuts(NESTED, "new directories")),
        mutant(
            "undo brings directories back after what is in them",
            "rename",
            "Staging.place",
            "Undo.directory",
            Action.DEFER,
            cuts(NESTED, "removed directories")),
        mutant(
            "undo moves files into directories whose place is not synced",
            "syncfs",
            "Undo.run",
            "",
            Action.DROP,
            cuts(KILLED_NESTED, "removed directories")),
        mutant(
            "undo takes no directory away",
            "rmdir",
            "Undo.takeAway",
            "",
            Action.DROP,
            cuts(NESTED, "new directories")),
        mutant(
            "a directory is put in place with the mode that it waited with",
            "chmod",
            "Staging.changeMode",
            "",
            Action.DROP,
            cuts("new directories")),
        mutant(
            "no look at late writes",
            "list",
            "LateEdits.look",
            "",
            Action.EMPTY,
            edits(VERIFIED, "modified", Edit.APPEND)),
        mutant(
            "no lock on the workspace",
            "tryLock",
            "WorkspaceLock.ours|WorkspaceLock.everybodys",
            "",
            Action.YES,
            edits(VERIFIED, "modified", Edit.PROMOTE)));
  }

  /** A mutant that cannot be tried would count as caught, and show nothing. */
  private static boolean isAccident(String finding) {
    return Stream.of("IndexOutOfBounds", "NullPointer", "ClassCast").anyMatch(finding::contains);
  }

  @Test
  void everyMutantIsCaught() {
    String only = System.getProperty("tars.mutant", "");
    List<String> survivors = new ArrayList<>();
    int caught = 0;
    int tried = 0;
    for (Case c : all()) {
      if (!c.mutant().name().contains(only)) {
        continue;
      }
      tried++;
      List<String> found;
      long start = System.nanoTime();
      try {
        found = c.hunt().apply(disk -> MutantDisk.of(disk, c.mutant()));
      } catch (RuntimeException e) {
        found = List.of("it does not work at all: " + e);
      }
      if (found.isEmpty()) {
        survivors.add(c.mutant().name());
        System.out.println(
            Duration.ofNanos(System.nanoTime() - start).toMillis()
                + " ms SURVIVED "
                + c.mutant().name());
      } else {
        assertThat(found).as(c.mutant().name()).noneMatch(MutantTest::isAccident);
        caught++;
        System.out.println(
            Duration.ofNanos(System.nanoTime() - start).toMillis()
                + " ms caught "
                + c.mutant().name()
                + ": "
                + Optional.of(found.getFirst())
                    .map(t -> t.lines().findFirst().orElse(""))
                    .map(t -> t.substring(0, Math.min(230, t.length())))
                    .get());
      }
    }
    Figures.add("mutants", tried);
    Figures.add("caught", caught);
    assertThat(survivors).isEmpty();
  }
}
