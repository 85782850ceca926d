package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.TreeDifference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change is published somewhere else only where it could be promoted, and writes nothing. */
class PublishTest {
  @TempDir private Path temp;
  private PromotionFixture at;
  private SortedMap<String, String> before;
  private int published;

  @BeforeEach
  void make() {
    at = PromotionFixture.make(temp);
    before = at.tree();
  }

  @Test
  void itIsPublishedUnderTheLockAndTheWorkspaceIsOnlyRead() {
    ChangeSet changes = at.everyKind();
    List<PathConflict> conflicts =
        publish(
            changes,
            List.of(),
            () -> {
              published++;
              assertThatThrownBy(() -> at.reopened().promote(changes))
                  .isInstanceOfSatisfying(
                      RunnerException.class,
                      e -> assertThat(e.code()).isEqualTo(FailureCode.LOCKED));
            });
    assertThat(conflicts).isEmpty();
    assertThat(published).isEqualTo(1);
    assertThat(at.tree()).isEqualTo(before);
    assertThat(at.rollback().since("CTX-1")).isEmpty();
    // The control: the same change set, promoted.
    assertThat(at.promote(changes)).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(at.tree()).isNotEqualTo(before);
  }

  @Test
  void whatMovedIsNotPublished() {
    ChangeSet changes = at.few();
    assertThat(publish(changes, List.of("stranger.txt"), () -> published++))
        .extracting(c -> c.path().toString())
        .containsExactly("stranger.txt");
    at.write("modified.txt", "edited by hand");
    assertThat(publish(changes, List.of(), () -> published++))
        .extracting(c -> c.path().toString())
        .containsExactly("modified.txt");
    at.write("modified.txt", "new and longer"); // a patch of it would not apply
    assertThat(publish(changes, List.of(), () -> published++))
        .extracting(c -> c.path().toString())
        .containsExactly("modified.txt");
    assertThat(published).isZero();
    at.write("modified.txt", "old");
    assertThat(publish(changes, List.of(), () -> published++)).isEmpty();
    assertThat(published).isEqualTo(1);
  }

  @Test
  void anApprovalOfAnotherChangeSetPublishesNothing() {
    assertThatThrownBy(() ->
            new Promoter(at.layout, at.workspace, at.log)
                .publish(request(at.few(), PromotionFixture.BASE, List.of()), () -> published++))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
    assertThat(published).isZero();
  }

  private List<PathConflict> publish(ChangeSet changes, List<String> drift, Runnable publish) {
    return new ArrayList<>(
        new Promoter(at.layout, at.workspace, at.log)
            .publish(request(changes, ChangeSets.digest(changes), drift), publish));
  }

  private static Promoter.Request request(ChangeSet changes, Digest approved, List<String> drift) {
    return new Promoter.Request(
        "CTX-1",
        new ReviewDecision.Approved(
            approved, PromotionFixture.BASE, "sha256:image", List.of("ann")),
        changes,
        () ->
            drift.stream()
                .map(
                    p -> new TreeDifference(RelativePath.of(p), Optional.empty(), Optional.empty()))
                .toList(),
        Duration.ZERO,
        Duration.ZERO);
  }
}
