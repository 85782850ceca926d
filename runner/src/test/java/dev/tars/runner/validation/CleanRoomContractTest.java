package dev.tars.runner.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.sandbox.FakeEngine;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestStatus;
import dev.tars.runner.workspace.ChangeSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the validator relies on in a {@link CleanRoom}: one on layers, and the fake. */
abstract class CleanRoomContractTest {
  private static final String GREEN = "<testsuite><testcase classname='T' name='a'/></testsuite>";

  @TempDir private Path temp;
  private Rooms rooms;
  private ChangeSet change;
  private CleanRoom room;

  /** What the commands of the test do, and what a fake answers in their place. */
  record Script(FakeEngine engine, FakeCleanRoom answers) {}

  abstract CleanRoom connect(Rooms rooms, Script script);

  /** User in the boxes. */
  abstract int uid();

  @BeforeEach
  void open() {
    rooms = new Rooms(temp, uid(), Map.of("src/A.txt", "a\n", ".gitignore", "*.log\n"));
    change =
        rooms.changeSet(w -> w.write(RelativePath.of("src/A.txt"), "b\n".getBytes(UTF_8), 0644));
    FakeCleanRoom answers = new FakeCleanRoom();
    FakeEngine engine = new FakeEngine();
    on(
        engine,
        answers,
        "grep -q b src/A.txt",
        "after",
        box -> box.exit(box.read("src/A.txt").contains("b") ? 0 : 1),
        FakeCleanRoom.exited(0));
    on(
        engine,
        answers,
        "grep -q b src/A.txt",
        "before",
        box -> box.exit(box.read("src/A.txt").contains("b") ? 0 : 1),
        FakeCleanRoom.exited(1));
    String report = "mkdir target; echo \"" + GREEN + "\" > target/r.xml";
    on(
        engine,
        answers,
        report,
        "report",
        box -> box.mkdir("target").write("target/r.xml", GREEN).exit(0),
        FakeCleanRoom.tests(0, "T#a", TestStatus.PASSED));
    String edit = "echo c >> src/A.txt; echo l > x.log; mkdir target; echo t > target/t";
    on(
        engine,
        answers,
        edit,
        "edit",
        box ->
            box.append("src/A.txt", "c\n")
                .write("x.log", "l\n")
                .mkdir("target")
                .write("target/t", "t\n")
                .exit(0),
        new GateRun(
            new SandboxOutcome.Exited(0, FakeCleanRoom.SEEN),
            Reports.none(),
            List.of("src/A.txt")));
    room = connect(rooms, new Script(engine, answers));
  }

  private static void on(
      FakeEngine engine,
      FakeCleanRoom answers,
      String command,
      String phase,
      FakeEngine.Program program,
      GateRun answer) {
    var _ = engine.on(command, program);
    var _ = answers.answer("g/" + phase, answer);
  }

  @Test
  void aJobSeesTheBaselineWithItsContentOnItAndAloneWithout() {
    assertThat(code(run("grep -q b src/A.txt", "after", Optional.of(change)))).isZero();
    assertThat(code(run("grep -q b src/A.txt", "before", Optional.empty()))).isEqualTo(1);
  }

  @Test
  void reportsAreReadWhereTheJobNamesThem() {
    String report = "mkdir target; echo \"" + GREEN + "\" > target/r.xml";
    GateRun run =
        room.run(
            new CleanRoom.Job(
                "g",
                "report",
                Optional.of(change),
                List.of("sh", "-c", report),
                Duration.ofMinutes(1),
                List.of(Globs.compile("target/*.xml"))));
    assertThat(((Reports.Read) run.reports()).tests().tests())
        .containsOnly(Map.entry("T#a", TestStatus.PASSED));
  }

  @Test
  void whatTheCommandTouchedOutsideScratchAndIgnoredPathsIsNamed() {
    String edit = "echo c >> src/A.txt; echo l > x.log; mkdir target; echo t > target/t";
    assertThat(run(edit, "edit", Optional.of(change)).touched()).containsExactly("src/A.txt");
    // A room of its own for each job: nothing of it is there for the next one.
    assertThat(code(run("grep -q b src/A.txt", "before", Optional.empty()))).isEqualTo(1);
    assertThat(rooms.home).isEmptyDirectory();
  }

  private GateRun run(String command, String phase, Optional<ChangeSet> content) {
    return room.run(
        new CleanRoom.Job(
            "g", phase, content, List.of("sh", "-c", command), Duration.ofMinutes(1), List.of()));
  }

  private static int code(GateRun run) {
    assertThat(run.outcome()).isInstanceOf(SandboxOutcome.Exited.class);
    return ((SandboxOutcome.Exited) run.outcome()).code();
  }
}
