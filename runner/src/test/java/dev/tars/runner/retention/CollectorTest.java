package dev.tars.runner.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.context.KeptDocument;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.promotion.Backups;
import dev.tars.runner.promotion.Promoter;
import dev.tars.runner.promotion.PromotionOutcome;
import dev.tars.runner.promotion.Rollback;
import dev.tars.runner.promotion.StoreCheck;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
  private static final int SIZE = 200_000;

  @TempDir private Path temporary;
  private StoreLayout layout;
  private WorkspaceDir workspace;
  private Instant now = Instant.now();

  @BeforeEach
  void makeWorkspace() throws IOException {
    Files.createDirectories(temporary.resolve("ws"));
    Files.writeString(temporary.resolve("ws/f"), content(0));
    layout = StoreLayout.open(LinuxDisk.create(), temporary.resolve("state"));
    workspace = layout.workspace(temporary.resolve("ws"));
    layout.newContext();
    context("promoted");
  }

  @Test
  void undoDataDoesNotGrowWithoutBound() throws IOException {
    for (int i = 1; i <= 20; i++) {
      promote(i);
    }
    assertThat(objectBytes()).isGreaterThan(20L * SIZE); // without a collection it does
    now = now.plus(Duration.ofDays(3));
    age();
    Collector.Collected done = collect(8L * SIZE, false);
    assertThat(done.removed()).anyMatch(line -> line.startsWith("backups of TX-1 of CTX-"));
    assertThat(objectBytes()).isLessThan(9L * SIZE);
    assertThat(new StoreCheck(log(), layout.objects()).missing()).isEmpty();
    assertThat(log().verify(Optional.empty()).problem()).isEmpty();
    assertThatThrownBy(() -> rollback("TX-1")).hasMessageContaining("can no longer be rolled back");
    assertThat(rollback("TX-20")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(temporary.resolve("ws/f")).hasContent(content(19));
  }

  @Test
  void whatIsYoungPinnedOrAmongTheNewestStaysOverTheCap() throws IOException {
    for (int i = 1; i <= 8; i++) {
      promote(i);
    }
    assertThat(collect(0, false).removed()).noneMatch(line -> line.startsWith("backups"));
    now = now.plus(Duration.ofDays(3));
    age();
    new Backups(log(), layout.objects()).pin(new TransactionId("TX-1"), true);
    Collector.Collected done = collect(0, false);
    assertThat(done.removed().stream().filter(l -> l.startsWith("backups")).toList())
        .containsExactly("backups of TX-2 of CTX-1", "backups of TX-3 of CTX-1");
    assertThat(done.kept()).singleElement().asString().contains("more than the");
  }

  @Test
  void nothingGoesByAgeAlone() throws IOException {
    for (int i = 1; i <= 8; i++) {
      promote(i);
    }
    now = now.plus(Duration.ofDays(3_000));
    age();
    assertThat(collect(1L << 40, false).removed()).noneMatch(line -> line.startsWith("backups"));
    assertThat(rollback("TX-8")).isInstanceOf(PromotionOutcome.Committed.class);
  }

  @Test
  void aDryRunSaysTheSameAndRemovesNothing() throws IOException {
    for (int i = 1; i <= 8; i++) {
      promote(i);
    }
    layout.objects().put("nobody needs this".getBytes(UTF_8));
    now = now.plus(Duration.ofDays(3));
    age();
    long before = objectBytes();
    List<String> said = collect(0, true).removed();
    assertThat(objectBytes()).isEqualTo(before);
    assertThat(collect(0, false).removed()).isEqualTo(said);
    assertThat(objectBytes()).isLessThan(before);
  }

  @Test
  void anObjectThatNothingNeedsGoesOnlyWhenItIsOld() throws IOException {
    Digest orphan = layout.objects().put("orphan".getBytes(UTF_8));
    Digest again = layout.objects().put("again".getBytes(UTF_8));
    collect(1L << 40, false);
    assertThat(layout.objects().has(orphan)).isTrue();
    now = now.plus(Duration.ofDays(3));
    age();
    layout.objects().put("again".getBytes(UTF_8)); // a run that is about to need it
    set("again", now);
    collect(1L << 40, false);
    assertThat(layout.objects().has(orphan)).isFalse();
    assertThat(layout.objects().has(again)).isTrue();
  }

  @Test
  void whatAPersonSavedMeanwhileIsNeverCollected() throws IOException {
    Digest saved = layout.objects().put("saved late".getBytes(UTF_8));
    ObjectNode late = JsonNodeFactory.instance.objectNode().put("transaction", "TX-1");
    late.putArray("kept").add(saved.hex());
    log().append("LATE-EDIT", late);
    now = now.plus(Duration.ofDays(3_000));
    age();
    collect(0, false);
    assertThat(layout.objects().has(saved)).isTrue();
  }

  @Test
  void oldOutputAndOldContextsGoButNeverTheNewest() throws IOException {
    Path old = layout.newContext().path();
    Files.createDirectories(old.resolve("steps"));
    Files.writeString(old.resolve("steps/a.log"), "output");
    write(old, "dry-run-passed");
    Path newest = layout.newContext().path();
    write(newest, "dry-run-passed");
    Instant start = now;
    now = start.plus(Duration.ofDays(40));
    collect(1L << 40, false);
    assertThat(old.resolve("steps")).doesNotExist();
    assertThat(old.resolve("context.json")).exists();
    now = start.plus(Duration.ofDays(100));
    collect(1L << 40, false);
    assertThat(old).doesNotExist();
    assertThat(newest).exists();
  }

  @Test
  void withoutBackupItIsSaidAndTheBytesGo() throws IOException {
    promote(1);
    Digest preImage = Digest.of(content(0).getBytes(UTF_8));
    assertThat(layout.objects().has(preImage)).isTrue();
    new Collector(bench(), limits(1L << 40)).drop("TX-1", "CTX-1", "made with --no-backup");
    assertThat(layout.objects().has(preImage)).isFalse();
    assertThatThrownBy(() -> rollback("TX-1"))
        .isInstanceOfSatisfying(
            dev.tars.runner.model.RunnerException.class,
            e -> assertThat(e.notes()).contains("its backups are gone: made with --no-backup"));
    assertThat(new StoreCheck(log(), layout.objects()).missing()).isEmpty();
  }

  // ---- the state directory

  private Collector.Collected collect(long cap, boolean dryRun) {
    return new Collector(bench(), limits(cap)).collect(dryRun);
  }

  private static RetentionLimits limits(long cap) {
    return new RetentionLimits(
        Duration.ofHours(24),
        Duration.ofHours(24),
        5,
        Duration.ofDays(90),
        Duration.ofDays(180),
        Duration.ofDays(30),
        cap);
  }

  private Workbench bench() {
    return new Workbench(
        () -> layout,
        () -> workspace,
        this::log,
        () -> {
          throw new AssertionError("no engine is needed");
        },
        () -> new Baselines(layout),
        new PolicyLoader(
            new PolicySources(temporary.resolve("ws"), temporary, Map.of(), temporary)),
        "ann",
        clock());
  }

  private Clock clock() {
    return Clock.fixed(now, ZoneOffset.UTC);
  }

  private AuditLog log() {
    return AuditLog.open(layout, workspace, clock());
  }

  private void context(String state) throws IOException {
    log().append("run", JsonNodeFactory.instance.objectNode().put("context", "CTX-1"));
    write(temporary.resolve("state/contexts/CTX-1"), state);
  }

  private void write(Path dir, String state) throws IOException {
    ObjectNode document =
        KeptDocument.judged(String.valueOf(dir.getFileName()), state, now.toString());
    Files.writeString(dir.resolve("context.json"), document.toString());
    Files.writeString(dir.resolve("verdict.json"), document.path("verdict").toString());
  }

  private void promote(int number) {
    Digest before = layout.objects().put(content(number - 1).getBytes(UTF_8));
    Digest after = layout.objects().put(content(number).getBytes(UTF_8));
    Change change =
        new Change(
            RelativePath.of("f"),
            Optional.of(new TreeEntry.RegularFile(0644, before, SIZE)),
            Optional.of(new TreeEntry.RegularFile(0644, after, SIZE)));
    ChangeSet changes =
        new ChangeSet(Digest.of(new byte[0]), List.of(change), List.of(), List.of());
    assertThat(
            new Promoter(layout, workspace, log())
                .promote(
                    new Promoter.Request(
                        "CTX-1",
                        new ReviewDecision.Approved(
                            ChangeSets.digest(changes),
                            Digest.of(new byte[0]),
                            "sha256:image",
                            List.of("ann")),
                        changes,
                        List::of,
                        Duration.ZERO,
                        Duration.ZERO)))
        .isInstanceOf(PromotionOutcome.Committed.class);
  }

  private PromotionOutcome rollback(String id) {
    return new Rollback(layout, workspace, log())
        .rollback(
            new Rollback.Request(
                "CTX-1", Set.of(id), Optional.empty(), false, Duration.ZERO, Duration.ZERO));
  }

  private static String content(int number) {
    return String.format("%08d", number).repeat(SIZE / 8);
  }

  private long objectBytes() throws IOException {
    try (Stream<Path> all = Files.walk(temporary.resolve("state/objects"))) {
      return all.filter(Files::isRegularFile).mapToLong(p -> p.toFile().length()).sum();
    }
  }

  /** As if everything had been put when the test began. */
  private void age() throws IOException {
    try (Stream<Path> all = Files.walk(temporary.resolve("state/objects"))) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
      }
    }
  }

  private void set(String content, Instant at) throws IOException {
    String hex = Digest.of(Bytes.utf8(content).toArray()).hex();
    Files.setLastModifiedTime(
        temporary.resolve("state/objects/" + hex.substring(0, 2) + "/" + hex), FileTime.from(at));
  }
}
