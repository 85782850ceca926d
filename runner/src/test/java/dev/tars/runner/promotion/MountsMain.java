package dev.tars.runner.promotion;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * For {@link MountsTest}, in a name space of mounts of its own: file systems within the workspace,
 * a workspace that cannot be written, files and directories that the kernel keeps from changes.
 */
final class MountsMain {
  private final Path directory;
  private int number;

  private MountsMain(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] arguments) throws Exception {
    MountsMain main = new MountsMain(Path.of(arguments[0]));
    main.nested();
    main.readOnly();
    int kept = Boolean.parseBoolean(arguments[1]) ? main.kept() : 0;
    System.out.println("refused " + main.number + " kept " + kept);
  }

  private PromotionFixture make() throws IOException {
    return PromotionFixture.make(Files.createDirectory(directory.resolve("m" + number++)));
  }

  /** A change that would leave the workspace's file system, or would have to take a mount away. */
  private void nested() throws Exception {
    for (String path : List.of("dir-mode/stays", "dir-mode/new")) {
      PromotionFixture at = make();
      run("mount", "-t", "tmpfs", "-o", "size=64k", "inner", at.root + "/dir-mode");
      Files.writeString(at.root.resolve("dir-mode/stays"), "on the other one");
      refused(at, "it is on another mount", at.change(path, at.of("new", 0644)));
      run("umount", at.root + "/dir-mode");
    }
    PromotionFixture at = make();
    Path outside = Files.createDirectory(at.root.resolveSibling("outside"));
    Files.writeString(outside.resolve("in.txt"), "outside");
    run("mount", "--bind", outside.toString(), at.root + "/strangers");
    refused(at, "it is on another mount", at.change("strangers/in.txt", at.of("new", 0644)));
    refused(at, "something is mounted on it", at.change("strangers", directory(0711)));
    run("mount", "--bind", outside + "/in.txt", at.root + "/modified.txt");
    refused(at, "something is mounted on it", at.change("modified.txt", at.of("new", 0644)));
    run("mount", "-t", "tmpfs", "-o", "size=64k", "inner", at.root + "/dir-gone/a");
    refused(
        at,
        "something is mounted on it",
        at.change("dir-gone", Optional.empty()),
        new Change(
            at.change("dir-gone/a", Optional.empty()).path(),
            at.entry("dir-gone/a"),
            Optional.empty()));
    require(Files.readString(outside.resolve("in.txt")).equals("outside"), "outside is untouched");
    // The control: beside the mounts all is as ever.
    require(done(at.promote(set(at.change("script.sh", at.of("new", 0644))))), "beside them");
  }

  private void readOnly() throws Exception {
    PromotionFixture at = make();
    Change change = at.change("modified.txt", at.of("new", 0644));
    run("mount", "--bind", at.root.toString(), at.root.toString());
    run("mount", "-o", "remount,bind,ro", at.root.toString());
    PromotionFixture there = at.reopened();
    var before = there.tree();
    PromotionOutcome outcome = there.promote(set(change));
    require(outcome instanceof PromotionOutcome.Failed, "read-only: " + outcome);
    var cause = ((PromotionOutcome.Failed) outcome).cause();
    require(
        cause.code() == FailureCode.IO_FAILED
            && String.valueOf(cause.getMessage()).contains("read-only file system"),
        "read-only: " + cause.getMessage());
    require(there.tree().equals(before), "read-only: nothing changed");
    require(there.rollback().since("CTX-1").isEmpty(), "read-only: no INTENT");
    run("umount", at.root.toString());
    require(done(at.reopened().promote(set(change))), "once it can be written");
  }

  /** What even root may not change: of files, and of the directories that they are in. */
  private int kept() throws Exception {
    int kept = 0;
    for (String flag : List.of("i", "a")) {
      for (String path : List.of("modified.txt", "deleted.txt", "dir-mode", "dir-gone/a", ".")) {
        PromotionFixture at = make();
        List<Change> changes = new ArrayList<>();
        switch (path) {
          case "modified.txt", "deleted.txt", "." -> at.few().changes().forEach(changes::add);
          case "dir-mode" -> changes.add(at.change("dir-mode/stays", at.of("new", 0644)));
          default -> {
            changes.add(at.change("dir-gone/a/b", Optional.empty()));
            changes.add(at.change("script.sh", at.of("new", 0644)));
          }
        }
        run("chattr", "+" + flag, at.root.resolve(path).toString());
        try {
          refused(at, "immutable or append-only", changes.toArray(Change[]::new));
        } finally {
          run("chattr", "-" + flag, at.root.resolve(path).toString());
        }
        require(done(at.promote(set(changes.toArray(Change[]::new)))), "without the flag " + path);
        kept++;
      }
    }
    return kept;
  }

  private static void refused(PromotionFixture at, String why, Change... changes) {
    var before = at.tree();
    PromotionOutcome outcome = at.promote(set(changes));
    require(outcome instanceof PromotionOutcome.Stale, why + ": " + outcome);
    require(
        ((PromotionOutcome.Stale) outcome)
            .conflicts().stream().anyMatch(c -> c.line().contains(why)),
        why + ": " + outcome);
    require(at.tree().equals(before), why + ": the tree is as it was");
    require(at.rollback().since("CTX-1").isEmpty(), why + ": no INTENT");
  }

  private static dev.tars.runner.workspace.ChangeSet set(Change... changes) {
    return PromotionFixture.changeSet(changes);
  }

  private static Optional<TreeEntry> directory(int mode) {
    return Optional.of(new TreeEntry.Directory(mode));
  }

  private static boolean done(PromotionOutcome outcome) {
    return outcome instanceof PromotionOutcome.Committed;
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
