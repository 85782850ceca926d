package dev.tars.runner.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.docker.DockerSandbox;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.checks.CheckRules;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on the verdict, on the real engine; each is seen to succeed without what stops it. */
class CleanRoomDockerIT {
  private static final String IMAGE =
      System.getProperty("tars.sandbox.image", "tars-sandbox:default");
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 1, 1);
  private static final ResourceLimits LIMITS =
      new ResourceLimits(
          2000,
          ByteCount.mebibytes(512),
          128,
          ByteCount.mebibytes(256),
          20_000,
          1024,
          ByteCount.mebibytes(1),
          ByteCount.mebibytes(64),
          Duration.ofMinutes(2));

  private static final List<String> PYTEST =
      List.of(
          "python3",
          "-m",
          "pytest",
          "-q",
          "-p",
          "no:cacheprovider",
          "--junitxml=target/report.xml");

  private static final String CALC = "def half(n):\n    return n // 2\n";
  private static final String BROKEN = "def half(n):\n    return n // 3\n";
  private static final String TESTS =
      """
      from calc import half

      def test_half():
          assert half(6) == 3

      def test_zero():
          assert half(0) == 0
      """;

  @TempDir private Path temp;
  private Rooms rooms;
  private Sandbox sandbox;
  private SandboxBox box;

  @BeforeEach
  void connect() {
    rooms =
        new Rooms(
            temp,
            65532,
            Map.of("calc.py", CALC, "tests/test_calc.py", TESTS, "tests/conftest.py", ""));
    sandbox = DockerSandbox.connect(Optional.empty(), rooms.layout);
    box =
        new SandboxBox(
            sandbox,
            new SandboxBox.Setting(
                sandbox.image(IMAGE),
                LIMITS,
                Map.of("PYTHONDONTWRITEBYTECODE", "1", "PYTHONPATH", "."),
                "CTX-1",
                SandboxBox.Caches.NONE),
            SandboxBox.Logs.NONE,
            () -> false);
  }

  @AfterEach
  void leaveNothingBehind() throws IOException {
    try (var left = Files.list(rooms.home)) {
      assertThat(left).isEmpty();
    }
    sandbox.close();
  }

  @Test
  void anHonestChangePassesTestByTest() {
    ChangeSet change =
        change(w -> {
          write(w, "calc.py", "def half(n):\n    return n / 2\n");
          write(
              w,
              "tests/test_more.py",
              "from calc import half\n\ndef test_odd():\n    assert half(3) == 1.5\n");
        });
    GateResult unit = validate(change, integrity("tests/**")).gates().getFirst();
    assertThat(unit.result()).as(unit.reason() + unit.tail()).isEqualTo(Result.PASSED);
    assertThat(unit.tests().orElseThrow().run()).isEqualTo(3);
    assertThat(unit.tests().orElseThrow().added()).containsExactly("tests.test_more#test_odd");
  }

  @Test
  void aTestThatWasRedAndIsGreenIsFixed() {
    rooms =
        new Rooms(temp.resolve("2"), 65532, Map.of("calc.py", BROKEN, "tests/test_calc.py", TESTS));
    GateResult unit =
        validate(change(w -> write(w, "calc.py", CALC)), integrity("tests/**")).gates().getFirst();
    assertThat(unit.result()).as(unit.reason() + unit.tail()).isEqualTo(Result.PASSED);
    assertThat(unit.tests().orElseThrow().fixed()).containsExactly("tests.test_calc#test_half");
  }

  @Test
  void aConftestThatForcesTestsToPassIsCaughtByTheOriginalTests() {
    ChangeSet lie =
        change(w -> {
          write(w, "calc.py", BROKEN);
          write(
              w,
              "tests/conftest.py",
              """
              import pytest

              @pytest.hookimpl(hookwrapper=True)
              def pytest_runtest_makereport(item, call):
                  outcome = yield
                  report = outcome.get_result()
                  report.outcome = "passed"
                  report.longrepr = None
              """);
        });
    GateResult unit = validate(lie, integrity("tests/**")).gates().getFirst();
    assertThat(unit.result()).isEqualTo(Result.FAILED);
    assertThat(unit.reason()).startsWith("with the tests as they were: ");
    assertThat(unit.tests().orElseThrow().broken()).containsExactly("tests.test_calc#test_half");
    // Positive control: without the original tests the lie is believed.
    assertThat(validate(lie, integrity("none/**")).gates().getFirst().result())
        .isEqualTo(Result.PASSED);
  }

  @Test
  void aConftestThatEndsTheProcessGreenIsNoPass() {
    ChangeSet exit = change(w -> write(w, "tests/conftest.py", "import os\nos._exit(0)\n"));
    GateResult unit = validate(exit, integrity("none/**")).gates().getFirst();
    assertThat(unit.result()).isEqualTo(Result.FAILED);
    assertThat(unit.reason()).contains("no report was written");
    // Positive control: to who believes the exit code it is green.
    assertThat(validate(exit, command(PYTEST)).gates().getFirst().result())
        .isEqualTo(Result.PASSED);
  }

  @Test
  void aDeletedTestVanishes() {
    ChangeSet weaker =
        change(w ->
            write(w, "tests/test_calc.py", TESTS.substring(0, TESTS.indexOf("def test_zero"))));
    GateResult unit = validate(weaker, integrity("tests/**")).gates().getFirst();
    assertThat(unit.result()).isEqualTo(Result.FAILED);
    assertThat(unit.reason()).contains("1 test vanished: tests.test_calc#test_zero");
  }

  @Test
  void forgedReportsAreNoPass() {
    String green = "<testsuite><testcase classname='T' name='a'/></testsuite>";
    String red = "<testsuite><testcase classname='T' name='a'><failure/></testcase></testsuite>";
    assertThat(forged(green, 1)).contains("exit code 1, but no failed test");
    assertThat(forged(red, 0)).contains("exit code 0, but the reports hold 1 failed");
    assertThat(forged("<testsuite/>", 0)).contains("no test ran");
    assertThat(forged("<testsuite>", 0)).contains("does not parse");
    assertThat(
            forged(
                "<!DOCTYPE t [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><testsuite>&e;</testsuite>",
                0))
        .contains("document type");
    // Positive control: green and 0 is believed.
    assertThat(forged(green, 0)).isEmpty();
  }

  private String forged(String report, int exit) {
    String script = "mkdir -p target && printf %s \"$1\" > target/report.xml; exit " + exit;
    Gate gate = tests(List.of("sh", "-c", script, "sh", report), 0);
    return validate(change(w -> write(w, "calc.py", "x = 1\n")), gate).gates().getFirst().reason();
  }

  @Test
  void whatAStepLeftInScratchDoesNotHelpTheGate() throws IOException {
    Layer step = rooms.layer();
    ChangeSet change;
    SandboxOutcome onTheStepsLayer;
    Gate.Command gate = command(List.of("test", "-e", "target/stale"));
    try {
      LayerWriter writer = new LayerWriter(rooms.layout.disk(), step);
      write(writer, "calc.py", "x = 1\n");
      write(writer, "target/stale", "compiled");
      change =
          dev.tars.runner.workspace.ChangeSetReader.read(rooms.layout, step, rooms.place().scope());
      onTheStepsLayer =
          box.run(
              step,
              new CleanRoom.Job(
                  "g", "control", Optional.empty(), gate.argv(), gate.timeout(), List.of()),
              (stream, bytes, offset, length) -> {});
    } finally {
      step.discard(box::emptyWork);
    }
    // Positive control: on the layer of the step it passes.
    assertThat(onTheStepsLayer)
        .isInstanceOfSatisfying(SandboxOutcome.Exited.class, e -> assertThat(e.code()).isZero());
    assertThat(validate(change, gate).gates().getFirst().result()).isEqualTo(Result.FAILED);
  }

  @Test
  void aGateThatEditsSourcesFails() {
    Gate edits = command(List.of("sh", "-c", "echo y = 2 >> calc.py"));
    GateResult result =
        validate(change(w -> write(w, "calc.py", "x = 1\n")), edits).gates().getFirst();
    assertThat(result.result()).isEqualTo(Result.FAILED);
    assertThat(result.reason()).contains("calc.py");
  }

  @Test
  void aGateThatHangsOrEatsMemoryOrFloodsIsStoppedWithItsOwnCode() {
    ChangeSet change = change(w -> write(w, "calc.py", "x = 1\n"));
    Gate hang =
        new Gate.Command(
            "g", Gate.Command.Kind.COMMAND, List.of("sleep", "1d"), Duration.ofSeconds(2), AT);
    assertThat(code(change, hang)).isEqualTo(FailureCode.TIMEOUT);
    Gate memory = command(List.of("sh", "-c", "python3 -c 'x = b\"x\" * (1 << 30)'; exit 0"));
    assertThat(code(change, memory)).isEqualTo(FailureCode.RESOURCE_LIMIT);
    assertThat(code(change, command(List.of("sh", "-c", "yes | head -c 3000000"))))
        .isEqualTo(FailureCode.RESOURCE_LIMIT);
    assertThat(
            code(change, command(List.of("sh", "-c", "head -c 200000000 /dev/zero | tr '\\0' x"))))
        .isEqualTo(FailureCode.RESOURCE_LIMIT);
  }

  private FailureCode code(ChangeSet change, Gate gate) {
    return VerdictExit.of(validate(change, gate)).orElseThrow();
  }

  @Test
  void anEngineThatIsNotThereIsNotTheChangesFault() {
    ChangeSet change = change(w -> write(w, "calc.py", "x = 1\n"));
    Sandbox gone =
        DockerSandbox.connect(Optional.of("unix://" + temp.resolve("no.sock")), rooms.layout);
    SandboxBox lost =
        new SandboxBox(
            gone,
            new SandboxBox.Setting(
                new Sandbox.ImageFacts("sha256:" + "0".repeat(64), IMAGE, 65532, 65532),
                LIMITS,
                Map.of(),
                "CTX-1",
                SandboxBox.Caches.NONE),
            SandboxBox.Logs.NONE,
            () -> false);
    Verdict verdict =
        validate(change, rules(List.of(command(List.of("true"))), integrity("x")), lost);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.UNKNOWN);
    assertThat(VerdictExit.of(verdict).orElseThrow().exitCode()).isEqualTo(5);
    gone.close();
  }

  private ChangeSet change(Consumer<LayerWriter> writing) {
    return rooms.changeSet(writing);
  }

  private static void write(LayerWriter writer, String path, String content) {
    writer.write(RelativePath.of(path), content.getBytes(UTF_8), 0644);
  }

  private Verdict validate(ChangeSet change, TestIntegrity integrity) {
    return validate(change, rules(List.of(tests(PYTEST, 0)), integrity), box);
  }

  private Verdict validate(ChangeSet change, Gate gate) {
    return validate(change, rules(List.of(gate), integrity("none/**")), box);
  }

  private Verdict validate(ChangeSet change, ValidationRules rules, SandboxBox in) {
    return new Validator(
            new LayeredCleanRoom(rooms.place(), in),
            (gate, runs, run) -> BeforeResults.fill(new TestsBefore.Unusable("not run"), runs, run),
            (gate, request, done) -> false,
            ValidationProgress.NONE)
        .validate(
            new ValidationRequest(
                change,
                ChangeSets.digest(change),
                0,
                0,
                new StoredContents(rooms.baseline, rooms.layout.objects()),
                rules,
                true));
  }

  private static ValidationRules rules(List<Gate> gates, TestIntegrity integrity) {
    Decision allow =
        new Decision(
            Effect.ALLOW, List.of(new RuleMatch("all", "user", AT, Effect.ALLOW, "")), List.of());
    ChangeLimits limits =
        new ChangeLimits(100, 1000, 1000, ByteCount.mebibytes(1), ByteCount.mebibytes(2), 200, 20);
    return new ValidationRules(
        gates, limits, CheckRules.standard(integrity), (path, operation) -> allow, Set.of());
  }

  private static TestIntegrity integrity(String glob) {
    return new TestIntegrity(List.of(Globs.compile(glob)), true, 0, 0, List.of());
  }

  private static Gate.Tests tests(List<String> argv, int reruns) {
    return new Gate.Tests(
        "unit",
        argv,
        List.of(Globs.compile("target/report.xml")),
        1,
        0,
        reruns,
        Duration.ofMinutes(1),
        AT);
  }

  private static Gate.Command command(List<String> argv) {
    return new Gate.Command("g", Gate.Command.Kind.COMMAND, argv, Duration.ofMinutes(1), AT);
  }
}
