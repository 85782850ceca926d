package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** If the log cannot be written the next effect does not happen. */
class LogContractTest {
  @TempDir private Path temporary;
  private PromotionFixture at;
  private SortedMap<String, String> before;

  @BeforeEach
  void makeWorkspace() {
    at = PromotionFixture.make(temporary);
    before = at.tree();
    at.log.append("run", CanonicalJson.object().put("context", "CTX-1"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Errno.class,
      names = {"ENOSPC", "EDQUOT", "EROFS", "EIO"})
  void aLogThatCannotBeWrittenStopsAPromotionBeforeItBegins(Errno errno) {
    int[] renames = {0};
    Disk full = failing("write", errno, renames);
    assertThatThrownBy(() -> at.through(full).promote(at.few()))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> assertThat(e.code()).isIn(FailureCode.DISK_FULL, FailureCode.IO_FAILED));
    assertThat(at.tree()).isEqualTo(before);
    assertThat(renames[0]).isZero();
    assertThat(at.promote(at.few())).isInstanceOf(PromotionOutcome.Committed.class); // the control
  }

  @Test
  void afterASyncThatFailedNothingIsWrittenUntilAPersonSettlesIt() {
    int[] renames = {0};
    assertThatThrownBy(() -> at.through(failing("fdatasync", Errno.EIO, renames)).promote(at.few()))
        .isInstanceOf(RunnerException.class);
    assertThat(renames[0]).isZero();
    // Another process, and the disk seems to work again.
    PromotionFixture next = at.reopened();
    assertThatThrownBy(() -> next.promote(next.few()))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IN_DOUBT));
    assertThatThrownBy(() -> next.log.append("note", CanonicalJson.object()))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IN_DOUBT));
    assertThat(at.tree()).isEqualTo(before);
    Recovery.of(next.layout, next.workspace, next.log).recover(Duration.ZERO, true);
    assertThat(next.log.verify(Optional.empty()).problem()).isEmpty();
    assertThat(next.promote(next.few())).isInstanceOf(PromotionOutcome.Committed.class);
  }

  @Test
  void aClockThatJumpsBackChangesNoOrder() {
    AuditLog later =
        AuditLog.open(at.layout, at.workspace, Clock.offset(Clock.systemUTC(), Duration.ofDays(9)));
    later.append("note", CanonicalJson.object().put("text", "by a fast clock"));
    at.log.append("note", CanonicalJson.object().put("text", "by a right one"));
    List<AuditRecord> records = at.log.records();
    AuditRecord first = records.get(records.size() - 2);
    AuditRecord second = records.getLast();
    assertThat(first.time()).isGreaterThan(second.time());
    assertThat(second.seq()).isEqualTo(first.seq() + 1);
    assertThat(second.monotonicNanos()).isGreaterThanOrEqualTo(first.monotonicNanos());
    assertThat(at.log.verify(Optional.empty()).problem()).isEmpty();
  }

  @Test
  void nothingIsSignedOnTopOfACheckpointThatDoesNotVerify() throws Exception {
    at.promote(at.few());
    Path log = at.workspace.path().resolve("log/audit.jsonl");
    String content = java.nio.file.Files.readString(log);
    Path key = at.state.resolve("keys/ed25519.pub");
    assertThat(content).contains("\"type\":\"checkpoint\"");
    java.nio.file.Files.delete(key);
    java.nio.file.Files.delete(at.state.resolve("keys/ed25519"));
    assertThatThrownBy(() -> at.reopened().log.checkpoint())
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
    assertThat(java.nio.file.Files.readString(log)).isEqualTo(content);
  }

  /** Fails one kind of call on the log, and counts what is renamed in the workspace. */
  private Disk failing(String call, Errno errno, int[] renames) {
    return DiskSpy.with((method, args) -> {
      if (method.equals(call) && DiskSpy.place(args[0]).endsWith("audit.jsonl")) {
        throw new DiskException(errno, call, "the log");
      }
      if (method.equals("rename") && DiskSpy.place(args[2]).startsWith(at.root.toString())) {
        renames[0]++;
      }
      return Optional.empty();
    });
  }
}
