package dev.tars.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Diffs as git writes them, one character a byte, to steps. */
final class ImportTest {
  @TempDir Path workspace = Path.of("");

  private final FakeWorkspaceView view = new FakeWorkspaceView();

  private Plan imported(String diff) throws IOException {
    Path patch = workspace.resolve("a.patch");
    Files.writeString(patch, diff, StandardCharsets.ISO_8859_1);
    Path file = new Improvements(workspace).importPatch("X", "x", patch, view);
    return ImprovementReader.read(file, "X.yaml");
  }

  private static List<String> files(Plan plan) {
    return plan.steps().stream()
        .map(s ->
            switch (s.action()) {
              case StepAction.DeleteFile d -> "- " + d.file().bytes().hex();
              case StepAction.EditFile e -> "~ " + e.file().bytes().hex();
              case StepAction.CreateFile c -> "+ " + c.file().bytes().hex();
              default -> throw new IllegalStateException(s.toString());
            })
        .toList();
  }

  private static String hex(String latin) {
    return Bytes.of(latin.getBytes(StandardCharsets.ISO_8859_1)).hex();
  }

  @Test
  void aQuotedNameWithASpaceIsEndedByATab() throws IOException {
    Plan plan =
        imported(
            """
            diff --git "a/say \\"hi\\" x" "b/say \\"hi\\" x"
            index 1..2 100644
            --- "a/say \\"hi\\" x"\t
            +++ "b/say \\"hi\\" x"\t
            @@ -1 +1 @@
            -a
            +b
            """);

    assertThat(files(plan)).containsExactly("~ " + hex("say \"hi\" x"));
  }

  @Test
  void aNameKeepsTheSpaceAtItsEnd() throws IOException {
    view.with("two ", "2\n");

    Plan plan =
        imported(
            "diff --git a/end  b/end \nnew file mode 100644\nindex 0..e69de29\n"
                + "diff --git a/two  b/three \nsimilarity index 100%\n"
                + "rename from two \nrename to three \n");
    assertThat(files(plan))
        .containsExactly("- " + hex("two "), "+ " + hex("end "), "+ " + hex("three "));
  }

  @Test
  void namesAndTargetsThatAreNotTextKeepTheirBytes() throws IOException {
    Plan plan =
        imported(
            """
            diff --git "a/lat\\351\\n" "b/lat\\351\\n"
            new file mode 100644
            index 0..e69de29
            diff --git a/link b/link
            new file mode 120000
            index 0..1
            --- /dev/null
            +++ b/link
            @@ -0,0 +1 @@
            +t\u00e9\u0001
            \\ No newline at end of file
            """);

    assertThat(files(plan)).containsExactly("+ " + hex("lat\u00e9\n"), "+ " + hex("link"));
    var link = (StepAction.CreateFile) plan.steps().get(1).action();
    assertThat(link.edits().getFirst().edit())
        .isEqualTo(
            new FileEdit.Symlink(Bytes.of("t\u00e9\u0001".getBytes(StandardCharsets.ISO_8859_1))));
  }

  @Test
  void whateverBytesMayFollowAHunkHeader() throws IOException {
    Plan plan =
        imported("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -9 +9 @@ f\u0085g\u00a0\rh\n-a\n+b\n");

    assertThat(files(plan)).containsExactly("~ " + hex("f"));
  }

  @Test
  void aDirectoryThatTheDiffEmptiesGoesWithItsFiles() throws IOException {
    view.with("d/e/f", "1\n").with("d/e/g", "2\n").with("k/l", "3\n").with("k/m", "4\n");

    Plan plan = imported(deleted("d/e/f", "1") + deleted("d/e/g", "2") + deleted("k/l", "3"));

    assertThat(files(plan))
        .containsExactly(
            "- " + hex("d/e/f"),
            "- " + hex("d/e/g"),
            "- " + hex("k/l"),
            "- " + hex("d/e"),
            "- " + hex("d"));
  }

  @Test
  void aDirectoryThatAFileIsMadeInStays() throws IOException {
    view.with("d/f", "1\n");

    Plan plan =
        imported(deleted("d/f", "1") + "diff --git a/d/x/g b/d/x/g\nnew file mode 100644\n");

    assertThat(files(plan)).containsExactly("- " + hex("d/f"), "+ " + hex("d/x/g"));
  }

  @Test
  void aFileMayTakeTheNameOfADirectoryThatIsEmptied() throws IOException {
    view.with("d/e/f", "1\n");

    Plan plan = imported(deleted("d/e/f", "1") + "diff --git a/d b/d\nnew file mode 100644\n");

    assertThat(files(plan))
        .containsExactly("- " + hex("d/e/f"), "- " + hex("d/e"), "- " + hex("d"), "+ " + hex("d"));
  }

  @Test
  void halfAnEscapeInANameIsAnErrorOfTheDiff() {
    assertThatThrownBy(() -> imported("diff --git \"a/\\3x\" \"b/\\3x\"\nnew file mode 100644\n"))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PATCH_INVALID));
  }

  @Test
  void bothFormsOfANameAtOnceAreRefused() throws IOException {
    Path file = workspace.resolve("p.yaml");
    Files.writeString(
        file,
        """
        apiVersion: %s
        kind: Improvement
        metadata: { id: "X", title: "x" }
        steps:
          - id: a
            type: FileDeletion
            action: { file: "a", fileBase64: "Yg==" }
        """
            .formatted(ImprovementReader.API));
    assertThatThrownBy(() -> ImprovementReader.read(file, "p.yaml"))
        .hasMessageContaining("both name the file");
  }

  private static String deleted(String path, String line) {
    return "diff --git a/%1$s b/%1$s\ndeleted file mode 100644\n--- a/%1$s\n+++ /dev/null\n@@ -1 +0,0 @@\n-%2$s\n"
        .formatted(path, line);
  }

  private static final String NEW_FILE =
      """
      diff --git a/n b/n
      new file mode 100644
      --- /dev/null
      +++ b/n
      @@ -0,0 +1 @@
      +x
      """;

  @Test
  void whatAWorkspacePutWhereTheContentsGoIsNotWrittenThrough() throws IOException {
    Path canary = Files.writeString(workspace.resolve("canary"), "mine");
    Path files = Files.createDirectories(workspace.resolve(".tars/improvements/X.files"));
    Path planted = Files.createSymbolicLink(files.resolve("1.bin"), canary);
    Path control = Files.writeString(workspace.resolve("control"), "mine");
    Files.writeString(Files.createSymbolicLink(workspace.resolve("l"), control), "theirs");
    assertThat(control).hasContent("theirs"); // a plain write goes where the link says
    assertThatThrownBy(() -> imported(NEW_FILE)).hasMessageContaining("exists already");
    assertThat(canary).hasContent("mine");
    Files.delete(planted);
    Files.delete(files);
    imported(NEW_FILE);
  }

  @Test
  void improvementsAreNotWrittenThroughALink() throws IOException {
    Path elsewhere = Files.createDirectory(workspace.resolve("elsewhere"));
    Files.createDirectory(workspace.resolve(".tars"));
    Path link = Files.createSymbolicLink(workspace.resolve(".tars/improvements"), elsewhere);
    Improvements improvements = new Improvements(workspace);
    assertThatThrownBy(() -> improvements.create("C", "c", List.of("true")))
        .hasMessageContaining("through a link");
    assertThatThrownBy(() -> imported(NEW_FILE)).hasMessageContaining("through a link");
    assertThat(elsewhere).isEmptyDirectory();
    Files.delete(link);
    improvements.create("C", "c", List.of("true"));
  }

  @Test
  void whatCannotBeImportedLeavesNothingInTheWay() throws IOException {
    String same =
        """
        diff --git a/n b/n
        similarity index 100%
        rename from n
        rename to n
        """;
    assertThatThrownBy(() -> imported(NEW_FILE.replace("b/n", "b/m") + same))
        .isInstanceOf(RunnerException.class)
        .extracting(e -> ((RunnerException) e).code())
        .isEqualTo(FailureCode.PATCH_INVALID);
    assertThat(files(imported(NEW_FILE))).containsExactly("+ 6e");
  }

  @Test
  void aDeviceIsNotOpened() {
    assertThatThrownBy(
            () -> new Improvements(workspace).importPatch("X", "x", Path.of("/dev/zero"), view))
        .hasMessageContaining("no regular file");
  }

  @Test
  void aPipeIsReadToItsEndAndNotWaitedForForEver() throws Exception {
    Path pipe = workspace.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() ->
            new Improvements(workspace, Duration.ofMillis(50)).importPatch("X", "x", pipe, view))
        .hasMessageContaining("the pipe did not end within");
    Path piped = workspace.resolve("piped");
    assertThat(new ProcessBuilder("mkfifo", piped.toString()).start().waitFor()).isZero();
    Thread.startVirtualThread(() -> {
      try {
        Files.writeString(piped, NEW_FILE);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
    assertThat(new Improvements(workspace).importPatch("X", "x", piped, view)).isRegularFile();
  }

  @Test
  void aDiffOfMoreFilesThanThereAreStepsIsRefusedAndLeavesNothing() throws IOException {
    StringBuilder diff = new StringBuilder();
    for (int i = 0; i < ImprovementReader.MAX_STEPS; i++) {
      diff.append("--- /dev/null\n+++ b/f").append(i).append("\n@@ -0,0 +1 @@\n+b\n");
    }
    int[] files = {0};
    PatchParser.each(diff.toString(), file -> files[0]++);
    assertThat(files[0]).isEqualTo(ImprovementReader.MAX_STEPS); // the control
    diff.append("--- /dev/null\n+++ b/last\n@@ -0,0 +1 @@\n+b\n");
    assertThatThrownBy(() -> imported(diff.toString()))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PATCH_INVALID));
    assertThat(workspace.resolve(".tars/improvements/X.files")).doesNotExist();
  }

  /** Each hunk takes far more memory than its text: it is counted before it is held. */
  @Test
  void aDiffThatWouldNotFitInTheMemoryIsRefusedBeforeItIsRead() {
    String hunk = "@@ -1 +1 @@\n-a\n+b\n";
    String one = "--- a/f\n+++ b/f\n" + hunk.repeat(1_000);
    int[] files = {0};
    PatchParser.each(one.repeat(3), 400_000, file -> files[0]++);
    assertThat(files[0]).as("each file has the room").isEqualTo(3);
    assertThatThrownBy(() -> PatchParser.each(one + hunk.repeat(1_000), 400_000, file -> {}))
        .hasMessageContaining("more hunks and lines")
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.RESOURCE_LIMIT));
  }
}
