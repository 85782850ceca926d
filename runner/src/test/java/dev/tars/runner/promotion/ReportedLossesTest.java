package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users of other tools lost, one test for each report. Each first does to a copy what the
 * other tool did, to show that the loss is real, and then shows that it does not happen here.
 */
class ReportedLossesTest {
  @TempDir private Path temporary;
  private PromotionFixture at;
  private SortedMap<String, String> before;

  @BeforeEach
  void makeWorkspace() throws Exception {
    at = PromotionFixture.make(temporary);
    git("init", "-q");
    git("config", "user.email", "a@example.org");
    git("config", "user.name", "a");
    at.write(".gitignore", "*.log\nbuild/\n");
    git("add", ".");
    git("commit", "-qm", "first");
    at.write("staged-only.txt", "in the index, not committed");
    git("add", "staged-only.txt");
    at.write("untracked.txt", "never added");
    at.write("debug.log", "ignored by git");
    PromotionFixture.file(at.root, "build/big.bin", "a user's own results", 0644);
    before = at.tree();
  }

  @Test
  void aSaveBetweenTheCheckAndTheSwapIsNotLost() throws Exception {
    Path copy = Files.writeString(temporary.resolve("copy"), "old");
    String checked = Files.readString(copy);
    Files.writeString(copy, "a person's save"); // between check and rename
    Files.move(Files.writeString(temporary.resolve("new"), "new"), copy, REPLACE);
    assertThat(checked).isEqualTo("old");
    assertThat(copy).hasContent("new"); // the save is gone: that is the loss

    Path file = at.root.resolve("modified.txt");
    PromotionFixture through =
        at.through(before("rename", 1, () -> Files.writeString(file, "a person's save")));
    PromotionOutcome outcome = through.promote(at.few());
    assertThat(outcome).isInstanceOf(PromotionOutcome.Stale.class);
    assertThat(file).hasContent("a person's save");
    assertThat(at.tree().get("deleted.txt")).isEqualTo(before.get("deleted.txt"));
  }

  @Test
  void aRollbackDoesNotDeleteUntrackedFilesAsGitCleanDoes() throws Exception {
    Path copy = copyOfWorkspace();
    run(copy, "git", "clean", "-fdq");
    assertThat(copy.resolve("untracked.txt")).doesNotExist(); // the loss

    at.promote(at.everyKind());
    at.write("made-meanwhile.txt", "by a person");
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    SortedMap<String, String> after = at.tree();
    assertThat(after.remove("made-meanwhile.txt")).endsWith("by a person");
    assertThat(after).isEqualTo(before);
  }

  @Test
  void goingBackToAnOlderGitignoreDeletesNoIgnoredFile() throws Exception {
    at.promote(
        PromotionFixture.changeSet(
            at.change(".gitignore", at.of("*.log\nbuild/\nresults/\n", 0644)),
            at.change("modified.txt", at.of("new", 0644))));
    PromotionFixture.file(at.root, "results/run-1.csv", "hours of work", 0644);
    Path copy = copyOfWorkspace();
    run(copy, "git", "checkout", "-q", "--", ".gitignore");
    run(copy, "git", "clean", "-fdq");
    assertThat(copy.resolve("results/run-1.csv")).doesNotExist(); // the loss

    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(at.root.resolve("results/run-1.csv")).hasContent("hours of work");
    assertThat(at.root.resolve("debug.log")).hasContent("ignored by git");
    assertThat(at.tree().get(".gitignore")).isEqualTo(before.get(".gitignore"));
  }

  @Test
  void theGitIndexAndEveryRefStayAsTheyAreThroughPromoteRollbackAndRecover() throws Exception {
    Path copy = copyOfWorkspace();
    run(copy, "git", "reset", "-q", "--hard");
    assertThat(run(copy, "git", "status", "--porcelain")).doesNotContain("staged-only"); // the loss

    String status = git("status", "--porcelain"); // which may write the index, so it comes first
    assertThat(status).contains("A  staged-only.txt");
    SortedMap<String, String> untouched = gitFiles();
    before = at.tree();
    at.promote(at.everyKind());
    assertThat(gitFiles()).isEqualTo(untouched);
    at.rollback("TX-1");
    assertThat(gitFiles()).isEqualTo(untouched);
    PromotionFixture dying =
        at.through(
            before(
                "rename",
                5,
                () -> {
                  throw new Crash("in the middle");
                }));
    try {
      dying.promote(at.everyKind());
      throw new AssertionError("it did not crash");
    } catch (Crash expected) {
      assertThat(at.tree()).isNotEqualTo(before); // the crash left it in the middle
    }
    at.recover();
    assertThat(gitFiles()).isEqualTo(untouched);
    assertThat(at.tree()).isEqualTo(before);
    assertThat(git("status", "--porcelain")).isEqualTo(status);
  }

  @Test
  void takingOneRunBackDoesNotTouchWhatAnotherRunDid() {
    at.promote(PromotionFixture.changeSet(at.change("modified.txt", at.of("first run", 0644))));
    at.promote(PromotionFixture.changeSet(at.change("script.sh", at.of("second run", 0755))));
    at.write("stranger.txt", "a third hand, by itself");
    // The loss: a tool that goes back to its own snapshot of everything undoes all three.
    assertThat(before.get("script.sh")).doesNotEndWith("second run");
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(at.tree().get("modified.txt")).isEqualTo(before.get("modified.txt"));
    assertThat(at.tree().get("script.sh")).endsWith("second run");
    assertThat(at.tree().get("stranger.txt")).endsWith("a third hand, by itself");
  }

  @Test
  void aRestoreFromAnEmptyOrDamagedStoreDeletesNothing() throws Exception {
    at.promote(at.everyKind());
    SortedMap<String, String> promoted = at.tree();
    // The loss: who mirrors an empty snapshot into the workspace deletes nearly every file.
    try (Stream<Path> all = Files.walk(at.state.resolve("objects"))) {
      for (Path object : all.filter(Files::isRegularFile).toList()) {
        Files.delete(object);
      }
    }
    try {
      assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Failed.class);
    } catch (dev.tars.runner.model.RunnerException e) {
      assertThat(e.code()).isEqualTo(dev.tars.runner.model.FailureCode.INTEGRITY);
    }
    assertThat(at.tree()).isEqualTo(promoted);
  }

  @Test
  void undoNeedsNoFileOfTheWorkspaceThatUndoMayDelete() {
    PromotionFixture dying =
        at.through(
            before(
                "rename",
                9,
                () -> {
                  throw new Crash("in the middle");
                }));
    try {
      dying.promote(at.everyKind());
      throw new AssertionError("it did not crash");
    } catch (Crash expected) {
      assertThat(at.tree()).isNotEqualTo(before);
    }
    at.recover();
    assertThat(at.tree()).isEqualTo(before);
    // And once it is done not even what it left: the rollback has everything in the store.
    at.promote(at.everyKind());
    Disk disk = LinuxDisk.create();
    try (Disk.Dir dir = disk.open(at.workspace.path())) {
      dev.tars.runner.store.Directories.remove(disk, dir, Bytes.utf8("displaced"));
    }
    assertThat(at.rollback("TX-2")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void everyDirectoryThatGotANameIsSyncedBeforeCommit() {
    List<String> calls = new ArrayList<>();
    PromotionFixture watched = at.through(recording(calls));
    watched.promote(
        PromotionFixture.changeSet(
            at.change("strangers/new.txt", at.of("new", 0644)),
            at.change("dir-gone/a/c", at.of("new too", 0644))));
    int commit = calls.lastIndexOf("rename " + at.root + "/dir-gone/a");
    assertThat(commit).isNotNegative();
    List<String> afterwards = calls.subList(commit, calls.size());
    int log = afterwards.indexOf("fdatasync " + at.workspace.path() + "/log/audit.jsonl");
    assertThat(afterwards.subList(0, log))
        .contains("fsync " + at.root + "/dir-gone/a", "fsync " + at.root + "/strangers");
  }

  @Test
  void theLogAndTheTreeNeverDisagreeAfterACrash() {
    for (int call = 1; call < 60; call += 3) {
      PromotionFixture dying =
          at.through(
              before(
                  "any",
                  call,
                  () -> {
                    throw new Crash("anywhere");
                  }));
      try {
        dying.promote(at.few());
      } catch (Crash expected) {
        at.recover();
      }
      List<Journal.Transaction> known = at.rollback().since("CTX-1");
      boolean committed = !known.isEmpty() && known.getLast().state() == Journal.State.COMMITTED;
      assertThat(at.tree().get("modified.txt").endsWith("new and longer")).isEqualTo(committed);
      if (committed) {
        at.rollback(known.getLast().id().text());
      }
      assertThat(at.tree()).isEqualTo(before);
    }
  }

  private static final java.nio.file.StandardCopyOption REPLACE =
      java.nio.file.StandardCopyOption.REPLACE_EXISTING;

  private interface Deed {
    void run() throws IOException;
  }

  /** Does something just before the n-th change of the workspace, or sync of the log, of a kind. */
  private Disk before(String call, int number, Deed deed) {
    int[] seen = {0};
    return DiskSpy.with((method, args) -> {
      boolean counts =
          switch (call) {
            case "rename" ->
                method.equals("rename")
                    && DiskSpy.place(args[2]).startsWith(at.root.toString())
                    && !DiskSpy.place(args[2]).contains(".tars-tx-");
            case "any" ->
                List.of("rename", "create", "mkdir", "write", "fsync", "fdatasync", "syncfs")
                    .contains(method);
            default -> method.equals(call);
          };
      if (counts && ++seen[0] == number) {
        try {
          deed.run();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return Optional.empty();
    });
  }

  private Disk recording(List<String> calls) {
    return DiskSpy.with((method, args) -> {
      if (method.equals("rename")) {
        calls.add("rename " + DiskSpy.place(args[2]));
      } else if (method.equals("fsync") || method.equals("fdatasync")) {
        calls.add(method + " " + DiskSpy.place(args[0]));
      }
      return Optional.empty();
    });
  }

  private SortedMap<String, String> gitFiles() throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(at.root.resolve(".git"))) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        files.put(
            path.toString(),
            new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private Path copyOfWorkspace() throws Exception {
    Path copy = temporary.resolve("copy-of-it");
    run(temporary, "cp", "-a", at.root.toString(), copy.toString());
    return copy;
  }

  private String git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return run(at.root, command.toArray(String[]::new));
  }

  private static String run(Path directory, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
