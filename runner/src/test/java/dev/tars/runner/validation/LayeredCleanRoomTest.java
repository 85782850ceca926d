package dev.tars.runner.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestStatus;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayeredCleanRoomTest {
  private static final String GREEN = "<testsuite><testcase classname='T' name='a'/></testsuite>";

  @TempDir private Path temp;
  private Rooms rooms;
  private ChangeSet change;
  private String printed = "";
  private int exitCode;

  @BeforeEach
  void makeWorkspace() {
    rooms = new Rooms(temp);
    change =
        rooms.changeSet(w -> {
          w.write(RelativePath.of("src/A.txt"), "changed\n".getBytes(UTF_8), 0644);
          w.write(RelativePath.of("src/new/B.txt"), "b\n".getBytes(UTF_8), 0755);
          w.delete(RelativePath.of("src/old.txt"));
        });
  }

  @Test
  void theRoomHoldsBaselineAndChangeSetAndNothingElse() {
    run(
        Optional.of(change),
        layer -> {
          LayerWriter view = new LayerWriter(rooms.layout.disk(), layer);
          assertThat(view.read(RelativePath.of("src/A.txt"), 100))
              .asString()
              .isEqualTo("changed\n");
          assertThat(view.read(RelativePath.of("src/new/B.txt"), 100)).asString().isEqualTo("b\n");
          assertThat(view.entry(RelativePath.of("src/old.txt"))).isEmpty();
          assertThat(view.entry(RelativePath.of("target"))).isEmpty();
        });
    run(
        Optional.empty(),
        layer -> {
          LayerWriter view = new LayerWriter(rooms.layout.disk(), layer);
          assertThat(view.read(RelativePath.of("src/A.txt"), 100)).asString().isEqualTo("a\n");
          assertThat(view.entry(RelativePath.of("src/old.txt"))).isPresent();
        });
  }

  @Test
  void everyJobHasARoomOfItsOwnThatIsGoneAfterwards() throws IOException {
    run(Optional.of(change), layer -> write(layer, "target/classes/stale", "x"));
    run(Optional.of(change), layer -> assertThat(layer.upper().resolve("target")).doesNotExist());
    try (var left = Files.list(rooms.home)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void reportsAreReadFromWhatTheGateWrote() {
    GateRun run =
        run(Optional.of(change), layer -> write(layer, "target/reports/TEST-a.xml", GREEN));
    assertThat(((Reports.Read) run.reports()).tests().tests())
        .containsOnly(java.util.Map.entry("T#a", TestStatus.PASSED));
    assertThat(run.touched()).isEmpty();
  }

  @Test
  void aReportThatIsALinkIsRefusedAndNotFollowed() throws IOException {
    Path outside = Files.writeString(temp.resolve("green.xml"), GREEN);
    GateRun run =
        run(
            Optional.of(change),
            layer -> {
              write(layer, "target/reports/TEST-a.xml", GREEN);
              symlink(layer.upper().resolve("target/reports/TEST-b.xml"), outside);
            });
    assertThat(run.reports()).isInstanceOf(Reports.Unreadable.class);
    assertThat(((Reports.Unreadable) run.reports()).reason()).contains("not a regular file");
  }

  @Test
  void aReportDirectoryThatIsALinkIsNotEntered() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Files.writeString(outside.resolve("TEST-a.xml"), GREEN);
    GateRun run =
        run(
            Optional.of(change),
            layer -> {
              write(layer, "target/x", "x");
              symlink(layer.upper().resolve("target/reports"), outside);
            });
    assertThat(((Reports.Read) run.reports()).tests().tests()).isEmpty();
  }

  @Test
  void whatTheGateChangesOutsideScratchAndIgnoredPathsIsSeen() {
    GateRun run =
        run(
            Optional.of(change),
            layer -> {
              write(layer, "target/ok", "x");
              write(layer, "debug.log", "x");
              write(layer, "src/A.txt", "changed again\n");
              write(layer, "generated.txt", "x");
            });
    assertThat(run.touched()).containsExactly("generated.txt", "src/A.txt");
  }

  @Test
  void aGateThatPutsBackTheOldCodeIsSeen() {
    GateRun run = run(Optional.of(change), layer -> write(layer, "src/A.txt", "a\n"));
    assertThat(run.touched()).containsExactly("src/A.txt");
  }

  @Test
  void anObjectThatIsNotWhatItsNameSaysStopsTheRun() throws IOException {
    Digest digest = Digest.of("changed\n".getBytes(UTF_8));
    Path object =
        temp.resolve("state/objects").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    assertThat(object.toFile().setWritable(true)).isTrue();
    Files.writeString(object, "changeD\n");
    assertThatThrownBy(() -> run(Optional.of(change), layer -> {}))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
  }

  @Test
  void ofARedRunWhatIsPrintedIsFoundInTheWorkspace() {
    printed = "src/new/B.txt:3:5: error: cannot find symbol\nsrc/old.txt:1: error: it is gone\n";
    exitCode = 1;
    GateRun run = run(Optional.of(change), layer -> {});
    assertThat(run.located().printed())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.place().toString()).isEqualTo("src/new/B.txt:3:5");
          assertThat(problem.place().changed()).isTrue();
          assertThat(problem.message()).isEqualTo("cannot find symbol");
        });
    exitCode = 0;
    assertThat(run(Optional.of(change), layer -> {}).located()).isEqualTo(Located.NONE);
  }

  private interface Command {
    void run(Layer layer);
  }

  private GateRun run(Optional<ChangeSet> content, Command command) {
    LayeredCleanRoom.Box box =
        new LayeredCleanRoom.Box() {
          @Override
          public SandboxOutcome run(Layer layer, CleanRoom.Job job, OutputSink printed) {
            command.run(layer);
            byte[] bytes = LayeredCleanRoomTest.this.printed.getBytes(UTF_8);
            printed.write(OutputSink.Stream.STDOUT, bytes, 0, bytes.length);
            return new SandboxOutcome.Exited(exitCode, FakeCleanRoom.SEEN);
          }

          @Override
          public void emptyWork(Path work) {}
        };
    List<Glob> reports = List.of(Globs.compile("target/reports/*.xml"));
    return new LayeredCleanRoom(rooms.place(), box)
        .run(
            new CleanRoom.Job(
                "unit", "after", content, List.of("mvn"), Duration.ofMinutes(1), reports));
  }

  private static void write(Layer layer, String path, String content) {
    try {
      Path file = layer.upper().resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void symlink(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
