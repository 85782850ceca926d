package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.model.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackTest {
  @TempDir private Path temporary;
  private PromotionFixture at;
  private SortedMap<String, String> before;

  @BeforeEach
  void makeWorkspace() {
    at = PromotionFixture.make(temporary);
    before = at.tree();
  }

  @Test
  void aDirectoryTakesBackAllBelowItAndNothingBesideIt() {
    at.promote(at.everyKind());
    committed(only("dir-gone"));
    assertThat(at.tree()).containsEntry("dir-gone/a/b", before.get("dir-gone/a/b"));
    assertThat(at.tree().get("modified.txt")).endsWith("new and longer");
    assertThat(at.rollback().howMuch("CTX-1")).isEqualTo(Rollback.Standing.PART);
    assertThatThrownBy(() -> only("dir-gon"))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NOT_FOUND));
  }

  @Test
  void howMuchStandsFollowsEveryRollback() {
    at.promote(at.few());
    assertThat(at.rollback().howMuch("CTX-1")).isEqualTo(Rollback.Standing.ALL);
    committed(at.rollback("TX-1"));
    assertThat(at.rollback().howMuch("CTX-1")).isEqualTo(Rollback.Standing.NOTHING);
    committed(at.rollback("TX-2"));
    assertThat(at.rollback().howMuch("CTX-1")).isEqualTo(Rollback.Standing.ALL);
  }

  @Test
  void aDirectoryThatHoldsAPersonsFileStaysWithItAndIsReported() {
    at.promote(at.everyKind());
    at.write("added/deep/mine", "a person's");
    assertThat(preview(false)).contains("leave added", "leave added/deep", "delete added/empty");
    PromotionOutcome.Committed done = committed(at.rollback("TX-1"));
    assertThat(done.done()).anyMatch(line -> line.startsWith("left added/deep:"));
    assertThat(at.tree()).containsKey("added/deep/mine").doesNotContainKey("added/empty");
    SortedMap<String, String> rest = at.tree();
    rest.keySet().removeIf(p -> p.startsWith("added"));
    assertThat(rest).isEqualTo(before);
  }

  @Test
  void aDirectoryThatBecameALinkIsNotFollowed() throws IOException {
    at.promote(at.everyKind());
    Path outside = temporary.resolve("outside");
    Files.move(at.root.resolve("added"), outside);
    PromotionFixture.link(at.root, "added", outside.toString());
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Stale.class);
    assertThat(outside.resolve("deep/file")).hasContent("added");
  }

  @Test
  void byForceWhatComesBackGetsTheDirectoriesThatSomebodyRemoved() throws IOException {
    at.promote(
        PromotionFixture.changeSet(
            at.change("strangers/in.txt", at.of("changed", 0400)),
            at.change("dir-mode/stays", Optional.empty())));
    Files.delete(at.root.resolve("dir-mode"));
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Stale.class);
    committed(at.rollback().rollback(PromotionFixture.request("TX-1", true)));
    assertThat(at.tree()).containsEntry("dir-mode/stays", before.get("dir-mode/stays"));
    assertThat(at.tree()).containsEntry("strangers/in.txt", before.get("strangers/in.txt"));
  }

  @Test
  void aLaterTransactionIsNamedInTheErrorAndMayBeIncluded() {
    at.promote(at.few());
    at.promote(PromotionFixture.changeSet(at.change("modified.txt", at.of("newest", 0644))));
    assertThatThrownBy(() -> at.rollback("TX-1"))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.notes()).contains("modified.txt was changed by TX-2 of CTX-1");
              assertThat(e.help()).contains("TX-2");
            });
    assertThat(preview(false)).contains("conflict modified.txt");
    committed(
        at.rollback()
            .rollback(
                new Rollback.Request(
                    "CTX-1",
                    Set.of("TX-1", "TX-2"),
                    Optional.empty(),
                    false,
                    Duration.ZERO,
                    Duration.ZERO)));
    assertThat(at.tree()).isEqualTo(before);
  }

  @Test
  void whatIsRolledBackAlreadySaysBy() {
    at.promote(at.few());
    committed(at.rollback("TX-1"));
    assertThatThrownBy(() -> at.rollback("TX-1")).hasMessageContaining("already, by TX-2");
  }

  @Test
  void whatWasCollectedSaysSo() {
    at.promote(at.few());
    new Backups(at.log, at.layout.objects()).collect(List.of(new TransactionId("TX-1")), "a test");
    assertThatThrownBy(() -> at.rollback("TX-1"))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e).hasMessage("TX-1 can no longer be rolled back");
              assertThat(e.notes()).contains("its backups are gone: a test");
            });
  }

  @Test
  void aBackupThatIsDamagedIsFoundBeforeTheFirstWrite() throws IOException {
    at.promote(at.few());
    SortedMap<String, String> promoted = at.tree();
    var content = ((TreeEntry.RegularFile) at.of("old", 0644).orElseThrow()).content();
    Path object =
        at.state.resolve("objects").resolve(content.hex().substring(0, 2)).resolve(content.hex());
    PromotionFixture.mode(object, 0600);
    Files.writeString(object, "odd");
    PromotionOutcome.Failed failed = (PromotionOutcome.Failed) at.rollback("TX-1");
    assertThat(failed.cause().code()).isEqualTo(FailureCode.INTEGRITY);
    assertThat(at.tree()).isEqualTo(promoted);
    Files.delete(object);
    assertThat(new StoreCheck(at.log, at.layout.objects()).missing())
        .singleElement()
        .asString()
        .startsWith("TX-1: ");
    assertThatThrownBy(
            () -> {
              if (at.rollback("TX-1") instanceof PromotionOutcome.Failed f) {
                throw f.cause();
              }
            })
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
    assertThat(at.tree()).isEqualTo(promoted);
  }

  @Test
  void attributesAreCarriedOverAndComeBackWithAFileThatWasDeleted() throws IOException {
    attribute("modified.txt", "colour", "blue");
    attribute("deleted.txt", "colour", "red");
    at.promote(at.few());
    assertThat(attribute("modified.txt", "colour")).isEqualTo("blue");
    committed(at.rollback("TX-1"));
    assertThat(attribute("modified.txt", "colour")).isEqualTo("blue");
    assertThat(attribute("deleted.txt", "colour")).isEqualTo("red");
  }

  private List<String> preview(boolean force) {
    return at.rollback().preview(PromotionFixture.request("TX-1", force)).stream()
        .map(s -> s.action() + " " + s.path())
        .toList();
  }

  private PromotionOutcome only(String path) {
    return at.rollback()
        .rollback(PromotionFixture.request("TX-1", Optional.of(RelativePath.of(path)), false));
  }

  private void attribute(String path, String name, String value) throws IOException {
    view(path).write(name, java.nio.ByteBuffer.wrap(value.getBytes()));
  }

  private String attribute(String path, String name) throws IOException {
    java.nio.ByteBuffer value = java.nio.ByteBuffer.allocate(view(path).size(name));
    view(path).read(name, value);
    return new String(value.array());
  }

  private UserDefinedFileAttributeView view(String path) {
    return Files.getFileAttributeView(at.root.resolve(path), UserDefinedFileAttributeView.class);
  }

  private static PromotionOutcome.Committed committed(PromotionOutcome outcome) {
    assertThat(outcome).isInstanceOf(PromotionOutcome.Committed.class);
    return (PromotionOutcome.Committed) outcome;
  }
}
