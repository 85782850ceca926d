package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.ChangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromotionTest {
  @TempDir private Path temporary;
  private PromotionFixture at;
  private SortedMap<String, String> before;

  @BeforeEach
  void makeWorkspace() {
    at = PromotionFixture.make(temporary);
    before = at.tree();
  }

  @Test
  void everyKindOfChangeIsMadeAndNothingElse() {
    ChangeSet changes = at.everyKind();
    PromotionOutcome outcome = at.promote(changes);
    assertThat(outcome).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(((PromotionOutcome.Committed) outcome).lateEdits()).isEmpty();
    changes.changes().forEach(c -> assertThat(at.entry(c.path().toString())).isEqualTo(c.after()));
    assertThat(at.tree()).containsEntry("stranger.txt", before.get("stranger.txt"));
    assertThat(at.tree()).containsEntry("strangers/in.txt", before.get("strangers/in.txt"));
    assertThat(at.tree().keySet()).noneMatch(p -> p.startsWith(".tars-tx-"));
  }

  @Test
  void aRollbackGivesBackTheTreeWithModesLinksAndTimes() throws IOException {
    var time = Files.getLastModifiedTime(at.root.resolve("modified.txt"));
    at.promote(at.everyKind());
    committed(at.rollback("TX-1"));
    assertThat(at.tree()).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(at.root.resolve("modified.txt"))).isEqualTo(time);
    assertThat(at.rollback().standing("CTX-1")).noneMatch(t -> t.kind() == Journal.Kind.PROMOTE);
  }

  @Test
  void aRollbackCanBeRolledBack() {
    at.promote(at.everyKind());
    SortedMap<String, String> after = at.tree();
    committed(at.rollback("TX-1"));
    committed(at.rollback("TX-2"));
    assertThat(at.tree()).isEqualTo(after);
    committed(at.rollback("TX-3"));
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void aFileThatWasEditedSinceIsStaleAndNothingChanges() {
    ChangeSet changes = at.everyKind();
    at.write("modified.txt", "a person's");
    SortedMap<String, String> edited = at.tree();
    PromotionOutcome.Stale stale = (PromotionOutcome.Stale) at.promote(changes);
    assertThat(stale.conflicts()).extracting(c -> c.path().toString()).contains("modified.txt");
    assertThat(at.tree()).isEqualTo(edited);
  }

  @Test
  void aModeThatWasChangedSinceIsStale() throws IOException {
    ChangeSet changes = at.few();
    PromotionFixture.mode(at.root.resolve("modified.txt"), 0600);
    assertThat(at.promote(changes)).isInstanceOf(PromotionOutcome.Stale.class);
  }

  @Test
  void aDirectoryThatHoldsSomethingElseDoesNotGo() {
    ChangeSet changes = at.everyKind();
    at.write("dir-gone/a/precious", "mine");
    SortedMap<String, String> edited = at.tree();
    PromotionOutcome.Stale stale = (PromotionOutcome.Stale) at.promote(changes);
    assertThat(stale.conflicts())
        .extracting(c -> c.path().toString())
        .containsExactly("dir-gone/a/precious");
    assertThat(at.tree()).isEqualTo(edited);
  }

  @Test
  void aHardLinkedTargetIsRefused() throws IOException {
    Files.createLink(temporary.resolve("other-name"), at.root.resolve("modified.txt"));
    PromotionOutcome.Stale stale = (PromotionOutcome.Stale) at.promote(at.few());
    assertThat(stale.conflicts().getFirst().why()).contains("hard links");
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void anEditIsDriftForARollbackUnlessItIsForcedAndThenItIsKept() {
    at.promote(at.few());
    at.write("modified.txt", "a person's edit");
    at.write("deleted.txt", "a person's new file");
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Stale.class);
    assertThat(at.tree().get("modified.txt")).endsWith("a person's edit");
    PromotionOutcome.Committed forced =
        committed(at.rollback().rollback(PromotionFixture.request("TX-1", true)));
    assertThat(at.tree()).isEqualTo(before);
    assertThat(at.holds("a person's edit")).isTrue();
    assertThat(at.holds("a person's new file")).isTrue();
    committed(at.rollback(forced.id().text()));
    assertThat(at.tree().get("modified.txt")).endsWith("a person's edit");
    assertThat(at.tree().get("deleted.txt")).endsWith("a person's new file");
  }

  @Test
  void aForcedRollbackNeverTakesAwayWhatTheStoreCannotKeep() throws Exception {
    at.promote(at.few());
    Path path = at.root.resolve("modified.txt");
    Files.delete(path);
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    assertThat(at.rollback().rollback(PromotionFixture.request("TX-1", true)))
        .isInstanceOf(PromotionOutcome.Stale.class);
    assertThat(at.tree().get("modified.txt")).startsWith("10"); // S_IFIFO
  }

  @Test
  void aLaterTransactionOnTheSamePathMustBeRolledBackFirst() {
    at.promote(at.few());
    at.promote(PromotionFixture.changeSet(at.change("modified.txt", at.of("newest", 0644))));
    assertThatThrownBy(() -> at.rollback("TX-1"))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DRIFT));
    assertThat(at.tree().get("modified.txt")).endsWith("newest");
    committed(at.rollback("TX-2"));
    committed(at.rollback("TX-1"));
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void twoTransactionsThatAreTakenBackTogetherStandNoMore() {
    at.promote(at.few());
    at.promote(PromotionFixture.changeSet(at.change("modified.txt", at.of("newest", 0644))));
    committed(
        at.rollback()
            .rollback(
                new Rollback.Request(
                    "CTX-1",
                    java.util.Set.of("TX-1", "TX-2"),
                    Optional.empty(),
                    false,
                    Duration.ZERO,
                    Duration.ZERO)));
    assertThat(at.tree()).isEqualTo(before);
    assertThat(at.rollback().standing("CTX-1")).noneMatch(t -> t.kind() == Journal.Kind.PROMOTE);
  }

  @Test
  void onePathAfterTheOtherTakesBackTheWhole() {
    at.promote(at.few());
    for (String path : new String[] {"modified.txt", "deleted.txt"}) {
      committed(
          at.rollback()
              .rollback(
                  PromotionFixture.request("TX-1", Optional.of(RelativePath.of(path)), false)));
    }
    assertThat(at.rollback().standing("CTX-1")).anyMatch(t -> t.id().text().equals("TX-1"));
    committed(at.rollback("TX-1"));
    assertThat(at.tree()).isEqualTo(before);
    assertThat(at.rollback().standing("CTX-1")).noneMatch(t -> t.kind() == Journal.Kind.PROMOTE);
  }

  @Test
  void anObjectThatWasTamperedWithIsNeverPromoted() throws IOException {
    ChangeSet changes = at.everyKind();
    String hex = Digest.of("new and longer".getBytes(UTF_8)).hex();
    Path object = at.state.resolve("objects").resolve(hex.substring(0, 2)).resolve(hex);
    PromotionFixture.mode(object, 0600);
    Files.writeString(object, "new and lOnger");
    PromotionOutcome.Failed failed = (PromotionOutcome.Failed) at.promote(changes);
    assertThat(failed.cause().code()).isEqualTo(FailureCode.INTEGRITY);
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void anApprovalOfAnotherChangeSetIsRefused() {
    ChangeSet other = at.few();
    assertThatThrownBy(() ->
            new Promoter(at.layout, at.workspace, at.log)
                .promote(
                    new Promoter.Request(
                        "CTX-1",
                        new dev.tars.runner.review.ReviewDecision.Approved(
                            PromotionFixture.BASE,
                            PromotionFixture.BASE,
                            "image",
                            java.util.List.of("ann")),
                        other,
                        java.util.List::of,
                        Duration.ZERO,
                        Duration.ZERO)))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void whileAnotherHoldsTheLockNothingHappens() {
    ChangeSet changes = at.few();
    try (WorkspaceLock _ = WorkspaceLock.take(at.layout.disk(), at.workspace, Duration.ZERO)) {
      assertThatThrownBy(() -> at.reopened().promote(changes))
          .isInstanceOfSatisfying(
              RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.LOCKED));
    }
    assertThat(at.tree()).isEqualTo(before);
    committed(at.promote(changes));
  }

  @Test
  void aWorkspaceThatWasReplacedIsStale() throws IOException {
    ChangeSet changes = at.few();
    Files.move(at.root, temporary.resolve("moved"));
    PromotionFixture.dir(at.root, 0755);
    assertThatThrownBy(() -> at.promote(changes))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STALE));
    assertThat(at.tree()).hasSize(1);
  }

  @Test
  void aParentThatBecameALinkIsNeverFollowed() throws IOException {
    ChangeSet changes =
        PromotionFixture.changeSet(at.change("dir-mode/stays", at.of("evil", 0644)));
    Path outside = temporary.resolve("outside");
    Files.move(at.root.resolve("dir-mode"), outside);
    PromotionFixture.link(at.root, "dir-mode", outside.toString());
    assertThat(at.promote(changes)).isInstanceOf(PromotionOutcome.Stale.class);
    assertThat(outside.resolve("stays")).hasContent("stays");
  }

  @Test
  void aDirectoryThatOnlyLooksLikeOursIsNeitherUsedNorRemoved() {
    PromotionFixture.file(at.root, ".tars-tx-1/precious", "of another state directory", 0644);
    SortedMap<String, String> withIt = at.tree();
    PromotionOutcome.Committed done = committed(at.promote(at.few()));
    committed(at.rollback(done.id().text()));
    assertThat(at.tree()).isEqualTo(withIt);
  }

  @Test
  void whatAPersonDidByHandAlreadyIsNoConflict() {
    ChangeSet changes = at.few();
    at.write("modified.txt", "new and longer");
    committed(at.promote(changes));
    Optional<TreeEntry> entry = at.entry("modified.txt");
    assertThat(entry).isEqualTo(at.of("new and longer", 0644));
  }

  private static PromotionOutcome.Committed committed(PromotionOutcome outcome) {
    assertThat(outcome).isInstanceOf(PromotionOutcome.Committed.class);
    return (PromotionOutcome.Committed) outcome;
  }
}
