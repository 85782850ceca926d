package dev.tars.runner.run.steps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.plan.StepType;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayerEditsTest {
  private static final SourcePosition AT = new SourcePosition("plan", 1, 1);

  @TempDir private Path temp;
  private LayerWriter writer;
  private LayerEdits edits;

  @BeforeEach
  void open() throws IOException {
    Path workspace = Files.createDirectories(temp.resolve("ws"));
    Files.createDirectories(workspace.resolve("d/e"));
    Files.writeString(workspace.resolve("d/e/f"), "f\n");
    Files.writeString(workspace.resolve("d/g"), "g\n");
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    int uid = (int) Files.getAttribute(workspace, "unix:uid");
    Baseline baseline =
        new Baselines(layout).capture(layout.workspace(workspace), NOTHING_HIDDEN, uid, uid);
    Layer layer = Layer.create(layout.disk(), temp.resolve("layer"), baseline, uid, uid);
    writer = new LayerWriter(layout.disk(), layer);
    edits = new LayerEdits(writer);
  }

  @Test
  void aDirectoryGoesOnceNothingIsLeftInIt() {
    delete("d/e/f");
    delete("d/e");
    edits.flush();

    assertThat(writer.entry(path("d/e"))).isEmpty();
    assertThat(writer.entry(path("d/g"))).isPresent();
  }

  @Test
  void aDirectoryThatHoldsAnythingStays() {
    delete("d/e/f");

    assertThatThrownBy(() -> delete("d"))
        .hasMessageContaining("d is a directory that is not empty");
  }

  @Test
  void whatAnEarlierCommandLeftInADirectoryKeepsIt() {
    writer.write(path("d/e/made"), "x".getBytes(UTF_8), 0644);
    delete("d/e/f");

    assertThatThrownBy(() -> delete("d/e")).hasMessageContaining("not empty");
    delete("d/e/made");
    delete("d/e");
    edits.flush();
    assertThat(writer.entry(path("d/e"))).isEmpty();
  }

  @Test
  void whatIsToBeCreatedInADirectoryKeepsIt() {
    delete("d/e/f");
    create("d/e/new");

    assertThatThrownBy(() -> delete("d/e")).hasMessageContaining("not empty");
  }

  @Test
  void aFileTakesThePlaceOfADirectoryThatWasEmptied() {
    delete("d/e/f");
    delete("d/e");
    delete("d/g");
    delete("d");
    create("d");
    edits.flush();

    assertThat(writer.entry(path("d"))).containsInstanceOf(TreeEntry.RegularFile.class);
    assertThat(writer.below(path("d"))).isEmpty();
  }

  @Test
  void aFileDoesNotTakeThePlaceOfADirectoryThatIsThere() {
    assertThatThrownBy(() -> create("d")).hasMessageContaining("exists already");
  }

  @Test
  void aDirectoryIsNotDeletedTwice() {
    delete("d/e/f");
    delete("d/e");

    assertThatThrownBy(() -> delete("d/e")).hasMessageContaining("is not a file of the workspace");
  }

  @Test
  void aLargeFileMayGoButEditsThatMakeTooMuchAreRefused() {
    writer.write(path("large"), new byte[(int) LayerEdits.MAX_FILE + 1], 0644);
    delete("large");
    Bytes most = Bytes.of(new byte[(int) LayerEdits.MAX_FILE]);
    create("one", most);
    create("two", most);
    assertThatThrownBy(() -> create("three", Bytes.utf8("x")))
        .hasMessageContaining("edits that apply together");
    edits.discard();
    create("three", Bytes.utf8("x"));
    edits.flush();

    assertThat(writer.entry(path("three"))).isPresent();
  }

  private void delete(String file) {
    run(StepType.FILE_DELETION, new StepAction.DeleteFile(path(file), StepAction.Expect.NOTHING));
  }

  private void create(String file) {
    create(file, Bytes.utf8("new\n"));
  }

  private void create(String file, Bytes bytes) {
    var content = new StepAction.PlacedEdit(new FileEdit.Content(bytes), AT);
    run(
        StepType.FILE_CREATION,
        new StepAction.CreateFile(path(file), StepAction.Expect.NOTHING, List.of(content)));
  }

  private void run(StepType type, StepAction action) {
    edits.apply(
        new Step(
            "s",
            type,
            List.of(),
            Optional.empty(),
            action,
            Duration.ofMinutes(1),
            0,
            Step.OnFailure.STOP,
            List.of(),
            Optional.empty(),
            AT));
  }

  private static RelativePath path(String text) {
    return RelativePath.of(text);
  }

  private static final PathRules NOTHING_HIDDEN =
      new PathRules() {
        @Override
        public boolean hides(RelativePath path) {
          return false;
        }

        @Override
        public boolean scratches(RelativePath path) {
          return false;
        }
      };
}
