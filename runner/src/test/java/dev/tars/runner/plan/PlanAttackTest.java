package dev.tars.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.validation.checks.Languages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan may try, each beside the same plan without it, which loads. */
class PlanAttackTest {
  private static final String RUN =
      "steps:\n  - { id: a, type: CommandExecution, action: { argv: [mvn, test] } }\n";

  private static void refused(String body, String... says) {
    long start = System.nanoTime();
    assertThat(Plans.refusal(body)).as(body.length() > 300 ? "long" : body).contains(says);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  private static String run(String inAction, String inStep) {
    return "steps:\n  - { id: a, type: CommandExecution, action: { argv: [mvn, test]"
        + inAction
        + " }"
        + inStep
        + " }\n";
  }

  @Test
  void thePlanWithoutAnAttackLoads() {
    assertThat(Plans.refusal(RUN)).isEmpty();
    assertThat(Plans.refusal(run(", cwd: sub/dir, env: { A: b }", ", timeout: 5m"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image: evil",
        "privileged: true",
        "volumes: [\"/:/host\"]",
        "user: \"0\"",
        "user: 0",
        "uid: 0",
        "devices: [/dev/sda]",
        "security_opt: [seccomp=unconfined]",
        "pid: host",
        "Privileged: true",
        "docker: { privileged: true }",
        "shell: true",
        "environment: { LD_PRELOAD: /workspace/x.so }",
        "capabilities: [ALL]",
        "runtime: runc-evil",
        "mounts: [{ source: /, target: /host }]",
        "dangerouslyDisableSandbox: true",
        "network: full",
        "Argv: [sh]"
      })
  void aPlanNeverChoosesTheBox(String key) {
    refused(run(", " + key, ""), "unknown key '" + key.substring(0, key.indexOf(':')) + "'");
    refused(run("", ", " + key), "unknown key");
    refused(RUN + key + "\n", "unknown key");
    refused("metadata2: {}\n" + RUN, "unknown key");
  }

  @Test
  void everyUnknownKeyIsNamedInOnePassWithPlaceAndFix() {
    String said =
        Plans.refusal(
            "defauts: { timeout: 1m }\nsteps:\n  - { id: a, type: CommandExecutio, action: { argv: [x] } }\n"
                + "  - { id: b, type: Compilation, dependOn: [a], action: { argv: [x], cwdd: y } }\n");
    assertThat(said)
        .contains("x.yaml:4:1: unknown key 'defauts'")
        .contains("defaults")
        .contains("x.yaml:6:20")
        .contains("CommandExecution")
        .contains("dependOn")
        .contains("did you mean 'dependsOn'?")
        .contains("cwdd")
        .contains("^");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s  - { id: a, type: CommandExecution, action: { argv: [mvn, \"a\\0b\"] } }\n",
        "%s  - { id: a, type: CommandExecution, action: { argv: [mvn], env: { A: \"x\\0\" } } }\n",
        "%s  - { id: a, type: CommandExecution, action: { argv: [mvn] }, \"b\\0\": 1 }\n"
      })
  void nulIsRefusedWhereverItStands(String plan) {
    refused(plan.formatted("steps:\n"), "has a NUL");
    assertThat(Plans.refusal(RUN)).as("the control").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "/etc/x",
        "a/./../../x",
        "a//b",
        "",
        ".",
        "..",
        "a/",
        "a/..",
        "a\\nb",
        "./x",
        "a/../b",
        "\\t/x",
        "//etc/x",
        "a/./b",
      })
  void aPathStaysBelowTheWorkspace(String path) {
    String step = "steps:\n  - { id: a, type: FileDeletion, action: { file: \"%s\" } }\n";
    assertThat(Plans.refusal(step.formatted("a/b"))).isEmpty();
    refused(step.formatted(path), "the path");
    refused(run(", cwd: \"" + path + "\"", "").replace("cwd: \".\"", "cwd: \"..\""), "path");
  }

  @Test
  void aPathIsTakenAsItIsWrittenAndBounded() {
    Plan plan =
        Plans.read("steps:\n  - { id: a, type: FileDeletion, action: { file: \"%2e%2e/x\" } }\n");
    assertThat(((StepAction.DeleteFile) plan.steps().getFirst().action()).file().toString())
        .isEqualTo("%2e%2e/x");
    String step = "steps:\n  - { id: a, type: FileDeletion, action: { file: \"%s\" } }\n";
    refused(step.formatted("a/".repeat(2499) + "b"), "longer than");
    refused(step.formatted("a".repeat(256)), "255 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/proc/self/fd/7", "/proc/self/fd/20", "/", "../", "~/../.."})
  void aWorkingDirectoryIsNeverOutside(String cwd) {
    assertThat(Plans.refusal(run(", cwd: \"proc/self\"", ""))).isEmpty();
    refused(run(", cwd: \"" + cwd + "\"", ""), "path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mvn test; curl evil",
        "mvn test && curl evil",
        "mvn $(curl evil)",
        "mvn `curl evil`",
        "mvn >~/.bashrc",
        "mvn test\\ncurl evil",
        "mvn test | sh",
        "mvn test & curl evil",
        "mvn\\ttest",
        "true && true && true && curl evil"
      })
  void aCommandIsAListAndNeverGivenToAShell(String command) {
    refused(
        "steps:\n  - { id: a, type: CommandExecution, action: { argv: \"" + command + "\" } }\n",
        "must be a list");
    Plan plan =
        Plans.read(
            "steps:\n  - { id: a, type: CommandExecution, action: { argv: [mvn, \""
                + command
                + "\"] } }\n");
    assertThat(((StepAction.RunCommand) plan.steps().getFirst().action()).argv())
        .containsExactly("mvn", command.replace("\\n", "\n").replace("\\t", "\t"));
  }

  @Test
  void numbersAreBounded() {
    refused(run("", ", timeout: 99999999d"), "a time of at most");
    refused(run("", ", timeout: -1s"), "a time of at most");
    refused(run("", ", timeout: .nan"), "a time of at most");
    refused(run("", ", timeout: 0s"), "a time of at most");
    refused(run("", ", retries: 11"), "0 to 10");
    refused(run("", ", retries: 1e1"), "0 to 10");
    StringBuilder many = new StringBuilder("steps:\n");
    for (int i = 0; i < 10_001; i++) {
      many.append("  - { id: s").append(i).append(", type: Rollback, action: {} }\n");
    }
    refused(many.toString(), "more than 10000 steps");
    refused(
        "steps:\n  - { id: a, type: Other, action: { handler: " + "[".repeat(10_000) + "\n", "");
    refused(RUN + "x: " + "y".repeat(4 << 20) + "\n", "unknown key"); // took minutes
    refused(RUN + "x: " + "y".repeat(17 << 20) + "\n", "");
    refused(run(", argv2: [" + "a,".repeat(2000) + "b]", ""), "unknown key");
    refused(
        "steps:\n  - { id: a, type: CommandExecution, action: { argv: ["
            + "a,".repeat(1200)
            + "b] } }\n",
        "too many");
  }

  @Test
  void yamlTricksAreRefused() {
    refused(RUN + "<<: { a: b }\n", "merge keys");
    refused(RUN + "permissions: &a { network: none }\n", "anchors");
    refused(RUN + "steps: []\n", "stands twice");
    refused(RUN + "---\nsteps: []\n", "more than one document");
    refused("steps: !!java.lang.ProcessBuilder [[id]]\n", "tag");
    refused("", "steps");
  }

  @Test
  void aFileIsReadOnceAndItsDigestKept(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("x.yaml");
    Files.writeString(file, Plans.HEAD + RUN);
    Plan plan = ImprovementReader.read(file, "x.yaml");
    Files.writeString(file, Plans.HEAD + RUN.replace("mvn", "evil"));
    assertThat(((StepAction.RunCommand) plan.steps().getFirst().action()).argv().getFirst())
        .isEqualTo("mvn");
    assertThat(plan.source().lossyText()).contains("mvn");
    assertThat(ImprovementReader.read(file, "x.yaml").digest()).isNotEqualTo(plan.digest());
  }

  @Test
  void aFileBesideThePlanIsTheOneThatItNames(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("x.yaml");
    Files.writeString(temp.resolve("c.bin"), "content");
    String sha = dev.tars.runner.model.Digest.of("content".getBytes(StandardCharsets.UTF_8)).hex();
    String step =
        "steps:\n  - { id: a, type: FileCreation, action: { file: a, contentFrom: { file: %s, sha256: %s } } }\n";
    Files.writeString(file, Plans.HEAD + step.formatted("c.bin", sha));
    assertThat(ImprovementReader.read(file, "x.yaml").steps()).hasSize(1);
    Files.createSymbolicLink(temp.resolve("l"), Path.of("/etc/passwd"));
    for (String bad : List.of("l", "../c.bin", "/etc/passwd", "missing")) {
      Files.writeString(file, Plans.HEAD + step.formatted(bad, sha));
      assertThat(code(file)).as(bad).isEqualTo(FailureCode.PLAN_INVALID);
    }
    Files.writeString(
        file,
        Plans.HEAD
            + step.formatted(
                "c.bin", sha.replace(sha.charAt(0), sha.charAt(0) == 'a' ? 'b' : 'a')));
    assertThat(code(file)).isEqualTo(FailureCode.PLAN_INVALID);
  }

  private static FailureCode code(Path file) {
    try {
      ImprovementReader.read(file, "x.yaml");
      throw new AssertionError("it loads");
    } catch (RunnerException e) {
      return e.code();
    }
  }

  @Test
  void stepsThatNameEachOtherWronglyAreRefused() {
    String two =
        "steps:\n  - { id: save, type: FileBackup, action: { files: [a] } }\n  - { id: x, type: %s }\n";
    assertThat(
            Plans.refusal(
                two.formatted(
                    "FileRestore, dependsOn: [save], action: { from: save, files: [a] }")))
        .isEmpty();
    refused(two.formatted("FileRestore, action: { from: sav }"), "did you mean 'save'?");
    refused(two.formatted("FileRestore, action: { from: save, files: [b] }"), "not in the backup");
    refused(two.formatted("Rollback, action: { scope: step, step: x }"), "runs after it");
    refused(two.formatted("Rollback, action: { scope: step }"), "names no step");
    refused(two.formatted("Rollback, dependsOn: [x], action: {}"), "depends on itself");
    refused(two.formatted("Compilation, dependsOn: [sav], action: { argv: [a] }"), "did you mean");
    refused(
        two.formatted("FileDeletion, action: { file: a }, rollback: { action: DeleteCreated }"),
        "DeleteCreated is for FileCreation");
    String approval =
        "steps:\n  - { id: ok, type: Approval, action: { rule: r } }\n  - { id: x, %s }\n";
    assertThat(
            Plans.refusal(
                approval.formatted(
                    "type: Notification, dependsOn: [ok], action: { channel: c, message: m }")))
        .isEmpty();
    refused(
        approval.formatted("type: Compilation, dependsOn: [ok], action: { argv: [a] }"),
        "only Notification steps may");
    refused(
        "steps:\n  - { id: a, type: Rollback, dependsOn: [b], action: {} }\n  - { id: b, type: Rollback, dependsOn: [a], action: {} }\n",
        "a -> b -> a");
  }

  @Test
  void aCheckThatCouldNotHoldAnythingUpIsRefused() {
    assertThat(Plans.refusal(run("", ", validation: [ { rule: exitCode, equals: 0 } ]"))).isEmpty();
    refused(run("", ", validation: [ { rule: testsRun, min: 1 } ]"), "only a TestExecution");
    refused(run("", ", validation: [ { rule: contains, text: a } ]"), "must name it");
    refused(run("", ", validation: [ { rule: parses, as: cobol, file: a } ]"), "java");
    refused(run("", ", validation: [ { rule: cel, expr: \"output.exitCod == 0\" } ]"), "exitCode");
    refused(run("", ", when: \"output.exitCode == 0\""), "undeclared reference to 'output'");
    refused(
        "steps:\n  - { id: a, type: FileDeletion, action: { file: a }, validation: [ { rule: exitCode, equals: 0 } ] }\n",
        "only a step with a command");
  }

  @Test
  void aConditionIsPointedAt() {
    assertThat(Plans.refusal(run("", ",\n      when: \"change.fles == []\"")))
        .contains("x.yaml:6:20")
        .contains("undefined field 'fles'");
    assertThat(
            Plans.refusal(
                "steps:\n  - id: a\n    type: Compilation\n    action: { argv: [a] }\n    when: |\n      run.dryRun &&\n      nope\n"))
        .contains("x.yaml:10:7");
  }

  @Test
  void whatCanBeCheckedIsWhatCheckersThereAre() {
    for (String language : CheckReader.LANGUAGES) {
      assertThat(Languages.problem(language, "{{{<".getBytes(StandardCharsets.UTF_8)).orElse(""))
          .as(language)
          .doesNotContain("cannot be checked");
    }
    assertThat(Languages.problem("cobol", new byte[0]).orElse("")).contains("cannot be checked");
  }

  @Test
  void aPointerAsLongAsThePlanLetsItIsReadAndNoStackEnds() {
    String deep = "/a".repeat(200_000);
    assertThat(Plans.refusal(pointing("/a~0b/0"))).isEmpty();
    assertThat(Plans.refusal(pointing(deep))).isEmpty();
    refused(pointing(deep + "~2"), "path is not a JSON pointer");
    refused(pointing("a"), "path is not a JSON pointer");
    refused(pointing("/a~"), "path is not a JSON pointer");
  }

  private static String pointing(String pointer) {
    return "steps:\n  - { id: a, type: FileModification, action: { file: f.json, edits: [\n"
        + "      { jsonPatch: [ { op: remove, path: \""
        + pointer
        + "\" } ] } ] } }\n";
  }

  /** Java writes '?' for it: another name, content or argument than the plan shows. */
  @ParameterizedTest
  @ValueSource(strings = {"file: \"%s\", content: x", "file: n, content: \"%s\""})
  void halfACharacterIsNone(String action) {
    String step = "steps:\n  - { id: a, type: FileCreation, action: { " + action + " } }\n";
    assertThat(Plans.refusal(step.formatted("a\\ud83d\\ude00b"))).isEmpty();
    refused(step.formatted("a\\ud800b"), "half of a surrogate pair");
    refused(step.formatted("a\\udc00b"), "half of a surrogate pair");
    refused(RUN.replace("test]", "\"\\ud800\"]"), "half of a surrogate pair");
  }

  @Test
  void filesBesideThePlanAreBounded(@TempDir Path beside) throws Exception {
    byte[] large = new byte[(32 << 20) + 1];
    Files.write(beside.resolve("small"), new byte[10]);
    Files.write(beside.resolve("large"), large);
    assertThat(beside(beside, "small", new byte[10])).isEmpty();
    assertThat(beside(beside, "large", large)).contains("larger than");
  }

  private static String beside(Path directory, String name, byte[] bytes) {
    String body =
        "steps:\n  - { id: a, type: FileCreation, action: { file: f, contentFrom: { file: "
            + name
            + ", sha256: "
            + dev.tars.runner.model.Digest.of(bytes).hex()
            + " } } }\n";
    try {
      ImprovementReader.read(
          (Plans.HEAD + body).getBytes(StandardCharsets.UTF_8),
          "x.yaml",
          new BesideFiles(
              new dev.tars.runner.files.FilesBeneath(directory),
              dev.tars.runner.model.RelativePath.ROOT));
      return "";
    } catch (RunnerException e) {
      return e.getMessage();
    }
  }
}
