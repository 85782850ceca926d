package dev.tars.runner.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.ControlRule;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.docker.DockerSandbox;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.checks.CheckRules;
import dev.tars.runner.validation.control.Control;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gates that were made unable to say no, on the real engine: each passes without a control run. */
class ControlDockerIT {
  private static final String IMAGE =
      System.getProperty("tars.sandbox.image", "tars-sandbox:default");
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 1, 1);

  private static final List<String> PYTEST =
      List.of("python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=target/r.xml");
  private static final List<String> NODE =
      List.of("node", "--test", "--test-reporter=tap", "--test-reporter-destination=r.tap");

  private static final Map<String, String> PYTHON =
      Map.of(
          "calc.py",
          "def half(n):\n    return n // 2\n",
          "tests/test_calc.py",
          """
          import unittest
          from calc import half

          class HalfTest(unittest.TestCase):
              def test_half(self):
                  self.assertEqual(half(6), 3)

          def test_zero():
              assert half(0) == 0
          """);

  private static final Map<String, String> SCRIPT =
      Map.of(
          "calc.js",
          "exports.half = (n) => n / 2;\n",
          ".gitignore",
          "r.tap\n",
          "test/calc.test.js",
          """
          const { test } = require('node:test');
          const assert = require('node:assert');
          const { half } = require('../calc.js');
          test('half', () => { assert.equal(half(6), 3); });
          test('zero', () => { assert.strictEqual(half(0), 0); });
          """);

  @TempDir private Path temp;
  private Rooms rooms;
  private Sandbox sandbox;
  private SandboxBox box;

  /** A change that makes a gate pass whatever its tests say. */
  record Forgery(String name, Map<String, String> project, Map<String, String> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Forgery> forgeries() {
    String broken = "def half(n):\n    return n // 3\n\n";
    String brokenScript = "exports.half = (n) => n / 3;\n";
    return List.of(
        python(
            "a shadowed tool",
            Map.of(
                "pytest.py",
                """
                import os
                os.makedirs("target", exist_ok=True)
                with open("target/r.xml", "w") as f:
                    f.write('<testsuite><testcase classname="tests.test_calc.HalfTest"'
                            ' name="test_half"/><testcase classname="tests.test_calc"'
                            ' name="test_zero"/></testsuite>')
                """,
                "calc.py",
                broken)),
        python(
            "a plugin that rewrites outcomes",
            Map.of(
                "conftest.py",
                """
                import pytest

                @pytest.hookimpl(hookwrapper=True)
                def pytest_runtest_makereport(item, call):
                    outcome = yield
                    report = outcome.get_result()
                    report.outcome = "passed"
                    report.longrepr = None
                """,
                "calc.py",
                broken)),
        python(
            "a report by hand, when the code is loaded",
            Map.of(
                "calc.py",
                broken
                    + """
                    import os
                    os.makedirs("target", exist_ok=True)
                    with open("target/r.xml", "w") as f:
                        f.write('<testsuite><testcase classname="tests.test_calc.HalfTest"'
                                ' name="test_half"/><testcase classname="tests.test_calc"'
                                ' name="test_zero"/></testsuite>')
                    os._exit(0)
                    """)),
        python(
            "a report rewritten and an exit in a hook",
            Map.of(
                "conftest.py",
                """
                import os
                import re

                def pytest_unconfigure(config):
                    with open("target/r.xml") as f:
                        text = f.read()
                    text = re.sub("<failure.*?</failure>", "", text, flags=re.S)
                    text = re.sub('failures="[0-9]+"', 'failures="0"', text)
                    with open("target/r.xml", "w") as f:
                        f.write(text)
                    os._exit(0)
                """,
                "calc.py",
                broken)),
        python(
            "an assertion made empty",
            Map.of(
                "calc.py",
                "def half(n):\n    return n // 3 if n else 0\n\n"
                    + "import unittest\n"
                    + "unittest.TestCase.assertEqual = lambda *a, **k: None\n")),
        python(
            "tests replaced as they are collected",
            Map.of(
                "conftest.py",
                """
                def pytest_pyfunc_call(pyfuncitem):
                    return True
                """,
                "calc.py",
                "def half(n):\n    return n // 2 if n else 7\n")),
        script(
            "an assertion made empty",
            Map.of("calc.js", brokenScript + "require('node:assert').equal = () => {};\n")),
        script(
            "a loader that gives out another assert",
            Map.of(
                "calc.js",
                brokenScript
                    + """
                    const Module = require('module');
                    const load = Module._load;
                    const nothing = new Proxy(() => {}, { get: () => () => {}, apply: () => {} });
                    Module._load = function (name, ...rest) {
                      return name === 'node:assert' ? nothing : load.call(this, name, ...rest);
                    };
                    const real = load('node:assert', module, false);
                    for (const key of Object.keys(real)) {
                      if (typeof real[key] === 'function') { real[key] = () => {}; }
                    }
                    """)),
        script(
            "a report by hand",
            Map.of(
                "calc.js",
                """
                const fs = require('fs');
                fs.unlinkSync('r.tap');
                fs.writeFileSync('r.tap', 'TAP version 13\\nok 1 - half\\nok 2 - zero\\n1..2\\n');
                process.exit(0);
                """)),
        script(
            "a report out of the names of tests",
            Map.of(
                "calc.js",
                """
                const fs = require('fs');
                const tests = fs.readFileSync('test/calc.test.js', 'utf8');
                const names = [...tests.matchAll(/^test\\('(\\w+)'/gm)].map((m) => m[1]);
                const lines = names.map((name, i) => `ok ${i + 1} - ${name}`);
                fs.unlinkSync('r.tap');
                fs.writeFileSync(
                  'r.tap', ['TAP version 13', ...lines, `1..${lines.length}`, ''].join('\\n'));
                process.exit(0);
                """)),
        script(
            "an exit in a hook, where assertions end",
            Map.of(
                "calc.js",
                brokenScript
                    + """
                    const fs = require('fs');
                    const assert = require('node:assert');
                    assert.equal = () => {
                      fs.unlinkSync('r.tap');
                      fs.writeFileSync(
                        'r.tap', 'TAP version 13\\nok 1 - half\\nok 2 - zero\\n1..2\\n');
                      process.exit(0);
                    };
                    """)),
        script(
            "outcomes rewritten on their way out",
            Map.of(
                "calc.js",
                brokenScript
                    + """
                    const write = process.stdout.write;
                    process.stdout.write = function (chunk, ...rest) {
                      const text = Buffer.from(chunk).toString('latin1');
                      const fine = text.replaceAll('test:fail', 'test:pass')
                        .replaceAll('not ok', 'ok');
                      return write.call(this, Buffer.from(fine, 'latin1'), ...rest);
                    };
                    process.on('exit', () => { process.exitCode = 0; });
                    """)));
  }

  private static Forgery python(String name, Map<String, String> change) {
    return new Forgery("pytest: " + name, PYTHON, change);
  }

  private static Forgery script(String name, Map<String, String> change) {
    return new Forgery("node: " + name, SCRIPT, change);
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void aForgeryPassesWithoutAControlRunAndIsRefusedWithOne(Forgery forgery) {
    open(forgery.project());
    GateResult believed = validate(forgery, ControlRule.OFF);
    assertThat(believed.result()).as(believed.reason() + believed.tail()).isEqualTo(Result.PASSED);
    GateResult refused = validate(forgery, ControlRule.REQUIRED);
    assertThat(refused.result()).as(refused.control().reason()).isEqualTo(Result.FAILED);
    assertThat(refused.reason()).startsWith("it cannot say no: ");
  }

  @Test
  void honestChangesPassAndHonestFailuresFail() {
    honest(PYTHON, "calc.py", "def half(n):\n    return n / 2\n", "def half(n):\n    return 7\n");
    honest(SCRIPT, "calc.js", "exports.half = (n) => n * 0.5;\n", "exports.half = (n) => 7;\n");
  }

  private void honest(Map<String, String> project, String file, String good, String bad) {
    open(project);
    GateResult passed =
        validate(new Forgery("", project, Map.of(file, good)), ControlRule.REQUIRED);
    assertThat(passed.control().result()).as(passed.reason()).isEqualTo(Control.Result.PROVEN);
    assertThat(passed.control().red()).isGreaterThan(3);
    assertThat(passed.result()).isEqualTo(Result.PASSED);
    GateResult failed = validate(new Forgery("", project, Map.of(file, bad)), ControlRule.REQUIRED);
    assertThat(failed.result()).isEqualTo(Result.FAILED);
    assertThat(failed.control().result()).isEqualTo(Control.Result.NONE);
  }

  private int workspaces;

  private void open(Map<String, String> project) {
    close();
    rooms = new Rooms(temp.resolve("ws" + workspaces++), 65532, project);
    sandbox = DockerSandbox.connect(Optional.empty(), rooms.layout);
    box =
        new SandboxBox(
            sandbox,
            new SandboxBox.Setting(
                sandbox.image(IMAGE),
                limits(),
                Map.of("PYTHONDONTWRITEBYTECODE", "1", "PYTHONPATH", "."),
                "CTX-1",
                SandboxBox.Caches.NONE),
            SandboxBox.Logs.NONE,
            () -> false);
  }

  @AfterEach
  void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  private GateResult validate(Forgery forgery, ControlRule control) {
    ChangeSet change =
        rooms.changeSet(writer ->
            forgery
                .change()
                .forEach((path, text) ->
                    writer.write(RelativePath.of(path), text.getBytes(UTF_8), 0644)));
    boolean python = forgery.project() == PYTHON;
    Gate.Tests gate =
        new Gate.Tests(
            "unit",
            python ? PYTEST : NODE,
            List.of(Globs.compile(python ? "target/r.xml" : "r.tap")),
            1,
            0,
            0,
            Duration.ofMinutes(1),
            AT);
    return new Validator(
            new LayeredCleanRoom(rooms.place(), box),
            (g, runs, run) -> BeforeResults.fill(new TestsBefore.Unusable("not run"), runs, run),
            (g, request, done) -> false,
            ValidationProgress.NONE)
        .validate(
            new ValidationRequest(
                change,
                ChangeSets.digest(change),
                0,
                0,
                new StoredContents(rooms.baseline, rooms.layout.objects()),
                rules(gate).with(control),
                true))
        .gates()
        .getFirst();
  }

  private static ValidationRules rules(Gate gate) {
    Decision allow =
        new Decision(
            Effect.ALLOW, List.of(new RuleMatch("all", "user", AT, Effect.ALLOW, "")), List.of());
    TestIntegrity integrity =
        new TestIntegrity(List.of(Globs.compile("tests/**")), false, 0, 0, List.of());
    return new ValidationRules(
        List.of(gate),
        new ChangeLimits(100, 1000, 1000, ByteCount.mebibytes(1), ByteCount.mebibytes(2), 200, 20),
        CheckRules.standard(integrity),
        (path, operation) -> allow,
        Set.of());
  }

  private static ResourceLimits limits() {
    return new ResourceLimits(
        2000,
        ByteCount.mebibytes(512),
        128,
        ByteCount.mebibytes(256),
        20_000,
        1024,
        ByteCount.mebibytes(1),
        ByteCount.mebibytes(64),
        Duration.ofMinutes(2));
  }
}
