package dev.tars.runner.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories for reports in which somebody else has been before. */
final class HostFolderTest {
  private static final byte[] REPORT = "report".getBytes(StandardCharsets.UTF_8);

  private static final int ROUNDS = 2_000;

  @TempDir private Path temp;

  @Test
  void aLinkUnderTheNameOfAReportIsReplacedAndNotWrittenThrough() throws IOException {
    Path canary = Files.writeString(temp.resolve("canary"), "mine");
    Path out = Files.createDirectory(temp.resolve("out"));
    Path link = Files.createSymbolicLink(out.resolve("report.html"), canary);
    Files.write(link, REPORT);
    assertThat(canary).hasContent("report"); // what a plain write does
    Files.writeString(canary, "mine");

    HostFolder.make(out, List.of()).write("report.html", REPORT);
    assertThat(canary).hasContent("mine");
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(link).hasContent("report");

    try (var left = Files.list(out)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void reportsIntoTheWorkspaceAreRefusedAlsoThroughALink() throws IOException {
    Path workspace = Files.createDirectory(temp.resolve("workspace"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), workspace);
    for (Path inside : List.of(workspace, workspace.resolve("not/yet"), link, link.resolve("a"))) {
      assertThatThrownBy(() -> HostFolder.requireOutside(inside, workspace))
          .isInstanceOfSatisfying(
              RunnerException.class, e -> assertThat(e.where()).isEqualTo(inside.toString()))
          .hasMessageContaining("cannot go into the workspace");
    }
    HostFolder.requireOutside(temp.resolve("workspace-reports"), workspace);
  }

  /** Who may write in the directory swaps what we make there for a link, as fast as they can. */
  @Test
  void aLinkThatIsPutInPlaceMeanwhileIsNotWrittenThrough() throws Exception {
    Path canary = Files.writeString(temp.resolve("canary"), "mine");
    Path out = Files.createDirectory(temp.resolve("out"));
    AtomicBoolean over = new AtomicBoolean();
    Thread other = Thread.ofPlatform().start(() -> swap(out, canary, over));
    HostFolder folder = HostFolder.make(temp.resolve("out"), List.of());
    for (int i = 0; i < ROUNDS; i++) {
      try {
        folder.write("report.html", REPORT);
      } catch (IOException e) {
        // the swap may take away what is to be moved
      }
    }
    over.set(true);
    other.join();
    assertThat(canary).hasContent("mine");
  }

  private static void swap(Path out, Path canary, AtomicBoolean over) {
    while (!over.get()) {
      try (DirectoryStream<Path> made = Files.newDirectoryStream(out, ".tarscli-*")) {
        for (Path one : made) {
          Files.delete(one);
          Files.createSymbolicLink(one, canary);
        }
      } catch (IOException | DirectoryIteratorException e) {
        // it was faster
      }
    }
  }

  @Test
  void aReportThatCannotBeWrittenWholeLeavesTheOneBefore() throws IOException {
    Path out = temp.resolve("a/b/../c");
    HostFolder folder = HostFolder.make(out, List.of());
    folder.write("report.json", REPORT);
    assertThatThrownBy(() ->
            folder.write(
                "report.json",
                to -> {
                  to.write('x');
                  throw new IOException("full");
                }))
        .hasMessage("full");
    assertThat(temp.resolve("a/c")).isDirectoryContaining(f -> f.endsWith("report.json"));
    try (var left = Files.list(temp.resolve("a/c"))) {
      assertThat(left).hasSize(1).first().satisfies(f -> assertThat(f).hasContent("report"));
    }
  }

  @Test
  void reportsDoNotGoWhereTarscliKeepsItsOwn() throws IOException {
    Path state = Files.createDirectory(temp.resolve("state"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), state);
    for (Path inside : List.of(state, state.resolve("objects/x"), link, link.resolve("x"))) {
      assertThat(code(inside, List.of(state))).isEqualTo(FailureCode.USAGE);
    }
    assertThat(state).isEmptyDirectory();
    HostFolder.make(temp.resolve("state2"), List.of(state));
  }

  @Test
  void aPlaceThatIsNoDirectoryIsToldInWords() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "mine");
    Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("no"));
    for (Path place : List.of(file, file.resolve("x"), dangling, Path.of("/proc/self/x"))) {
      assertThat(code(place, List.of())).isEqualTo(FailureCode.IO_FAILED);
      assertThatThrownBy(() -> HostFolder.make(place, List.of()))
          .message()
          .doesNotContain("Exception");
    }
    assertThat(file).hasContent("mine");
  }

  private static FailureCode code(Path place, List<Path> forbidden) {
    try {
      HostFolder.make(place, forbidden);
      throw new AssertionError(place + " was taken");
    } catch (RunnerException e) {
      return e.code();
    }
  }

  @Test
  void aFileThatTheUserNamedReplacesALinkAndNothingThatIsNoFile() throws Exception {
    Path canary = Files.writeString(temp.resolve("canary"), "mine");
    Path link = Files.createSymbolicLink(temp.resolve("report.md"), canary);
    HostFolder.of(link, List.of()).writeNamed(link, REPORT);
    assertThat(canary).hasContent("mine");
    assertThat(link).hasContent("report");
    assertThat(Files.isSymbolicLink(link)).isFalse();

    Path pipe = temp.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path own = Files.createDirectory(temp.resolve("own"));
    for (Path refused : List.of(pipe, own, own.resolve("x"), Path.of("/"))) {
      assertThatThrownBy(() -> HostFolder.of(refused, List.of(own)))
          .as(refused.toString())
          .isInstanceOfSatisfying(
              RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.USAGE));
    }
    Path nowhere = temp.resolve("none/report.md");
    assertThatThrownBy(() -> HostFolder.of(nowhere, List.of()).writeNamed(nowhere, REPORT))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IO_FAILED));
  }
}
