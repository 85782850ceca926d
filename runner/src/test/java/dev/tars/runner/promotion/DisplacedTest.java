package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.LinuxDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A descriptor that was opened before a swap, and bytes that come through it long afterwards. */
class DisplacedTest {
  @TempDir private Path temporary;
  private PromotionFixture at;

  @BeforeEach
  void makeWorkspace() {
    at = PromotionFixture.make(temporary);
  }

  @Test
  void whatIsWrittenHoursLaterThroughAnOldDescriptorIsFoundAndKept() throws IOException {
    try (FileChannel open =
        FileChannel.open(at.root.resolve("modified.txt"), StandardOpenOption.WRITE)) {
      at.promote(at.few());
      assertThat(leftInWorkspace()).isEmpty();
      open.truncate(0);
      open.write(UTF_8.encode("written after lunch"));
      assertThat(at.holds("written after lunch")).isFalse();
    }
    assertThat(recoverIn(Duration.ofHours(23))).isEmpty();
    assertThat(displaced()).hasSize(1);
    assertThat(recoverIn(Duration.ofHours(25)))
        .singleElement()
        .asString()
        .startsWith("modified.txt was written to late");
    assertThat(at.holds("written after lunch")).isTrue();
    assertThat(displaced()).isEmpty();
    assertThat(at.log.verify(java.util.Optional.empty()).problem()).isEmpty();
  }

  /** However many transactions there were today, the next looks at none of theirs. */
  @Test
  void aTransactionDoesNotLookAtAllThatIsKeptFromOthers() {
    at.promote(at.few());
    List<String> listed = new ArrayList<>();
    PromotionFixture watched =
        at.through(
            DiskSpy.with((method, args) -> {
              if (method.equals("list")) {
                listed.add(DiskSpy.place(args[0]));
              }
              return Optional.empty();
            }));
    assertThat(watched.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(listed).isNotEmpty().noneMatch(place -> place.endsWith("/displaced"));
    Recovery.Report _ =
        Recovery.of(watched.layout, watched.workspace, watched.log).recover(Duration.ZERO, true);
    assertThat(listed).anyMatch(place -> place.endsWith("/displaced")); // the control
  }

  @Test
  void aPersonWhoAsksSeesItAtOnceAndIsToldOnce() throws IOException {
    try (FileChannel open =
        FileChannel.open(at.root.resolve("modified.txt"), StandardOpenOption.APPEND)) {
      at.promote(at.few());
      open.write(UTF_8.encode(" and more"));
    }
    Recovery recovery = Recovery.of(at.layout, at.workspace, at.log);
    assertThat(recovery.recover(Duration.ZERO, true).done()).hasSize(1);
    assertThat(at.holds("old and more")).isTrue();
    assertThat(recovery.recover(Duration.ZERO, true).done()).isEmpty();
    assertThat(recoverIn(Duration.ofHours(25))).isEmpty();
    assertThat(displaced()).isEmpty();
  }

  @Test
  void onAnotherFileSystemTheyStayHiddenInTheWorkspaceForADay() throws IOException {
    SortedMap<String, String> before = at.tree();
    PromotionFixture other = at.through(withoutCrossing());
    try (FileChannel open =
        FileChannel.open(at.root.resolve("deleted.txt"), StandardOpenOption.APPEND)) {
      other.promote(other.few());
      open.write(UTF_8.encode(" but not forgotten"));
    }
    assertThat(leftInWorkspace()).containsExactly(".tars-tx-1");
    assertThat(gitStatus()).doesNotContain("tars-tx");
    PromotionOutcome back = other.rollback("TX-1");
    assertThat(back).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(leftInWorkspace()).containsExactly(".tars-tx-1", ".tars-tx-2");
    assertThat(recoverIn(Duration.ofHours(25)))
        .singleElement()
        .asString()
        .startsWith("deleted.txt was written to late");
    assertThat(at.holds("gone but not forgotten")).isTrue();
    assertThat(leftInWorkspace()).isEmpty();
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void whoeverRemovesThemBreaksNothing() throws IOException {
    PromotionFixture other = at.through(withoutCrossing());
    other.promote(other.few());
    dev.tars.runner.store.Directories.remove(
        LinuxDisk.create(), at.layout.disk().open(at.root), Bytes.utf8(".tars-tx-1"));
    assertThat(other.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(recoverIn(Duration.ofHours(25))).isEmpty();
    assertThat(leftInWorkspace()).isEmpty();
  }

  /** Its clean-up was prevented, and then its backups were collected: nobody knows its moves. */
  @Test
  void whatIsLeftOfACollectedTransactionIsTakenAwayAllTheSame() {
    Disk prevented =
        DiskSpy.with((method, args) -> {
          if (method.equals("rename") && DiskSpy.place(args[2]).endsWith("/displaced")) {
            throw new DiskException(Errno.EIO, "rename", "here");
          }
          return Optional.empty();
        });
    at.through(prevented).promote(at.few());
    assertThat(at.root.resolve(".tars-tx-1")).exists();
    Journal journal = new Journal(at.log, at.layout.objects());
    Journal.Transaction done = journal.find(new TransactionId("TX-1")).orElseThrow();
    assertThat(at.layout.objects().trash(done.manifest(), Long.MAX_VALUE)).isTrue();
    Recovery.Report _ = Recovery.of(at.layout, at.workspace, at.log).recover(Duration.ZERO, false);
    assertThat(at.root.resolve(".tars-tx-1")).doesNotExist();
  }

  @Test
  void anotherStateDirectorySeesTheLock() {
    var elsewhere =
        dev.tars.runner.store.StoreLayout.open(LinuxDisk.create(), temporary.resolve("state2"));
    var same = elsewhere.workspace(at.root);
    var changes = at.few();
    try (WorkspaceLock _ = WorkspaceLock.take(elsewhere.disk(), same, Duration.ZERO)) {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> at.promote(changes))
          .hasMessageContaining("another process holds the workspace");
    }
    assertThat(at.promote(changes)).isInstanceOf(PromotionOutcome.Committed.class);
  }

  private List<String> recoverIn(Duration later) {
    AuditLog log = AuditLog.open(at.layout, at.workspace, Clock.offset(Clock.systemUTC(), later));
    return Recovery.of(at.layout, at.workspace, log).recover(Duration.ZERO, false).done();
  }

  private List<Path> displaced() throws IOException {
    return list(at.workspace.path().resolve("displaced"));
  }

  private List<String> leftInWorkspace() throws IOException {
    return list(at.root).stream()
        .map(p -> String.valueOf(p.getFileName()))
        .filter(n -> n.startsWith(".tars-tx-"))
        .toList();
  }

  private static List<Path> list(Path dir) throws IOException {
    try (Stream<Path> found = Files.list(dir)) {
      return found.sorted().toList();
    }
  }

  private String gitStatus() throws IOException {
    run("git", "init", "-q");
    String status = run("git", "status", "--porcelain", "-uall");
    assertThat(status).contains("stranger.txt"); // the control: git does look
    dev.tars.runner.store.Directories.remove(
        LinuxDisk.create(), at.layout.disk().open(at.root), Bytes.utf8(".git"));
    return status;
  }

  private String run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(at.root.toFile()).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  /** A disk whose state directory is on another file system than the workspace. */
  private Disk withoutCrossing() {
    return DiskSpy.with((method, args) -> {
      if (method.equals("rename")
          && DiskSpy.place(args[0]).startsWith(at.root.toString())
          && DiskSpy.place(args[2]).startsWith(at.state.toString())) {
        throw new DiskException(Errno.EXDEV, "rename", "between file systems");
      }
      return Optional.empty();
    });
  }
}
