package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FsStat;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.workspace.ChangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * For {@link FullDiskTest}, in a name space of mounts of its own: promotes and rolls back on a
 * small file system that has room for 0, 1, 2, ... more pages, or files, until there is enough.
 * Prints what it counted; throws at the first thing that is not as promised.
 */
final class FullDiskMain {
  private static final Bytes BALLAST = Bytes.utf8("ballast");
  private static final int PAGE = 4096;
  private static final int MOST = 2_000;
  private static final int BEGIN_AND_INTENT = 1_080; // bytes; COMMIT would end in another page
  private static final int CONTROL = 60; // pages that are enough in any case

  private final Disk disk = LinuxDisk.create();
  private Disk through = disk;
  private final Path directory;
  private final int step;
  private int number;
  private int levels;
  private int refused;
  private int taken;

  private FullDiskMain(Path directory, int step) {
    this.directory = directory;
    this.step = step;
  }

  /** What is small: the file system of both, of the workspace, or of the state directory. */
  private enum Small {
    BOTH,
    WORKSPACE,
    STATE
  }

  /** What there is little of. */
  private enum Scarce {
    BYTES("size=2m,nr_inodes=4000"),
    FILES("size=32m,nr_inodes=500");

    private final String options;

    Scarce(String options) {
      this.options = options;
    }
  }

  /** The control: the runner believes that it has room for the end of the log, and has none. */
  private static Disk reservingNothing() {
    return DiskSpy.with(
        (call, arguments) -> call.equals("allocate") ? Optional.of("done") : Optional.empty());
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    FullDiskMain main = new FullDiskMain(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    for (Small small : Small.values()) {
      for (Scarce scarce : Scarce.values()) {
        main.fill(small, scarce, false);
        main.fill(small, scarce, true);
      }
    }
    FullDiskMain control = new FullDiskMain(main.directory.resolve("control"), 1);
    control.through = reservingNothing();
    Files.createDirectory(control.directory);
    for (int room = CONTROL; room >= 0 && control.taken == 0; room--) {
      var _ = control.level(Small.STATE, Scarce.BYTES, false, room);
    }
    System.out.println(
        "levels %d refused %d afterIntent %d without %d naive %d"
            .formatted(main.levels, main.refused, main.taken, control.taken, main.naive()));
  }

  private void fill(Small small, Scarce scarce, boolean rollback)
      throws IOException, InterruptedException {
    for (int room = 0; room < MOST; room += step) {
      if (level(small, scarce, rollback, room)) {
        return;
      }
    }
    throw new IllegalStateException("it never fits");
  }

  /** True if it was done. */
  private boolean level(Small small, Scarce scarce, boolean rollback, int room)
      throws IOException, InterruptedException {
    Path base = Files.createDirectory(directory.resolve("l" + number++));
    Path mount = mount(base, small, scarce);
    String what = small + " " + scarce + (rollback ? " rollback" : " promotion") + ", room " + room;
    try {
      PromotionFixture at = PromotionFixture.make(base);
      ChangeSet changes = at.everyKind();
      SortedMap<String, String> old = tree(at);
      if (rollback) {
        require(committed(at.promote(changes)), what + ": prepared");
      }
      SortedMap<String, String> before = tree(at);
      pad(at);
      int known = at.rollback().since("CTX-1").size();
      leave(mount, scarce, room);
      levels++;
      boolean done = acted(at.through(through), changes, rollback, what);
      if (!done) {
        refused++;
        require(tree(at).equals(before), what + ": the tree is as it was");
        if (at.rollback().since("CTX-1").size() > known) {
          taken++;
        }
      }
      empty(mount);
      PromotionFixture after = at.reopened();
      var _ = after.recover();
      if (!done) {
        require(tree(after).equals(before), what + ": and after recovery");
        require(acted(after, changes, rollback, what + ", with room again"), what + ": done then");
      }
      if (rollback) {
        require(tree(after).equals(old), what + ": as before the promotion");
      } else {
        for (var change : changes.changes()) {
          require(
              after.entry(change.path().toString()).equals(change.after()),
              what + ": as approved, " + change.path());
        }
      }
      require(after.log.verify(Optional.empty()).problem().isEmpty(), what + ": the log");
      return done;
    } finally {
      run("umount", "-R", "-l", small == Small.BOTH ? base.toString() : mount.toString());
    }
  }

  /** So that BEGIN and INTENT fit into the last page of the log, and how it ends does not. */
  private static void pad(PromotionFixture at) throws IOException {
    Path log = at.workspace.path().resolve("log/audit.jsonl");
    long empty = Files.exists(log) ? Files.size(log) : 0;
    var _ = at.log.append("run", CanonicalJson.object().put("context", "CTX-0").put("pad", ""));
    long first = Files.size(log);
    if (empty == 0) {
      var _ = at.log.append("run", CanonicalJson.object().put("context", "CTX-0").put("pad", ""));
      empty = first;
      first = Files.size(log);
    }
    int missing = Math.floorMod(PAGE - BEGIN_AND_INTENT - (first + first - empty), PAGE);
    String text = " ".repeat(missing);
    var _ = at.log.append("run", CanonicalJson.object().put("context", "CTX-0").put("pad", text));
  }

  /** True if it was done; a refusal must say what, where and what to do. */
  private boolean acted(PromotionFixture at, ChangeSet changes, boolean rollback, String what) {
    RunnerException error;
    try {
      PromotionOutcome outcome = rollback ? at.rollback("TX-1") : at.promote(changes);
      if (committed(outcome)) {
        return true;
      }
      require(outcome instanceof PromotionOutcome.Failed, what + ": " + outcome);
      error = ((PromotionOutcome.Failed) outcome).cause();
    } catch (RunnerException e) {
      error = e;
    }
    String text = error.getMessage() + "\n" + error.help();
    if (error.code() == FailureCode.IN_DOUBT && through != disk) {
      return false; // not even that it was undone could be written
    }
    require(error.code() == FailureCode.DISK_FULL, what + ": " + error.code() + " " + text);
    require(text.contains("no space left") && text.contains("make room"), what + ": " + text);
    return false;
  }

  private static boolean committed(PromotionOutcome outcome) {
    return outcome instanceof PromotionOutcome.Committed;
  }

  /** Without what is kept for a day where it cannot be moved out. */
  private static SortedMap<String, String> tree(PromotionFixture at) {
    SortedMap<String, String> tree = new TreeMap<>(at.tree());
    tree.keySet().removeIf(p -> p.startsWith(".tars-tx-"));
    return tree;
  }

  /** Writing over each file in turn, as the simplest tool would: the control must leave a half. */
  private int naive() throws IOException, InterruptedException {
    int half = 0;
    for (int room = 0; room < 3; room++) {
      Path base = Files.createDirectory(directory.resolve("n" + room));
      Path mount = mount(base, Small.BOTH, Scarce.BYTES);
      for (String name : List.of("a", "b", "c")) {
        Files.writeString(base.resolve(name), "old");
      }
      leave(mount, Scarce.BYTES, room);
      int written = 0;
      try {
        for (String name : List.of("a", "b", "c")) {
          Files.write(base.resolve(name), new byte[2 * PAGE]);
          written++;
        }
      } catch (IOException full) {
        half += written < 3 && (written > 0 || Files.size(base.resolve("a")) != 3) ? 1 : 0;
      }
      run("umount", "-l", base.toString());
    }
    return half;
  }

  private static Path mount(Path base, Small small, Scarce scarce)
      throws IOException, InterruptedException {
    Path on = small == Small.BOTH ? base : Files.createDirectory(base.resolve("small"));
    run("mount", "-t", "tmpfs", "-o", scarce.options, "small", on.toString());
    if (small != Small.BOTH) {
      String name = small == Small.WORKSPACE ? "ws" : "state";
      Files.createDirectory(on.resolve(name));
      Files.createDirectory(base.resolve(name));
      run("mount", "--bind", on.resolve(name).toString(), base.resolve(name).toString());
    }
    return on;
  }

  /** Takes all but {@code room} pages, or files, of a file system. */
  private void leave(Path mount, Scarce scarce, int room) throws IOException {
    try (Disk.Dir dir = disk.open(mount);
        Disk.DiskFile ballast = disk.create(dir, BALLAST, 0600)) {
      FsStat free = disk.statfs(dir);
      if (scarce == Scarce.BYTES) {
        disk.allocate(ballast, free.freeBytes() - (long) room * PAGE);
        return;
      }
      for (long i = free.freeInodes(); i > room; i--) {
        disk.create(dir, Bytes.utf8("ballast-" + i), 0600).close();
      }
    }
  }

  private void empty(Path mount) {
    try (Disk.Dir dir = disk.open(mount)) {
      for (Disk.DirEntry entry : disk.list(dir)) {
        if (entry.name().lossyText().startsWith("ballast")) {
          disk.unlink(dir, entry.name());
        }
      }
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    require(process.waitFor() == 0, String.join(" ", command));
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
