package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every step type, from the terminal, on the real engine. */
class StepsDockerIT {
  @TempDir private Path temp;
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(temp);
    terminal.write("pay.json", "{\n  // tried so often\n  \"attempts\": 1\n}\n");
  }

  private JsonNode status() throws Exception {
    Terminal.Ended ended =
        terminal.run("execute", "status", "--context-id", "last", "--format", "json");
    return new ObjectMapper().readTree(ended.out());
  }

  private Map<String, String> results() throws Exception {
    Map<String, String> results = new TreeMap<>();
    status()
        .path("steps")
        .forEach(s -> results.put(s.path("id").asText(), s.path("result").asText()));
    return results;
  }

  private Terminal.Ended execute(String policy, String steps, String... more) {
    terminal.plan("DO", steps);
    String[] command = new String[6 + more.length];
    System.arraycopy(
        new String[] {"execute", "improvement", "--id", "DO", "--policy", policy},
        0,
        command,
        0,
        6);
    System.arraycopy(more, 0, command, 6, more.length);
    return terminal.run(command);
  }

  @Test
  void aPlanOfAllStepTypesRunsIsApprovedAndNotifies() throws Exception {
    String policy =
        terminal.policy(
            """
            notifications: { team-log: { file: notices.jsonl } }
            handlers: { changelog: [sh, -c, 'echo "- $TARS_PARAM_TEXT" >> CHANGES; printenv TARS_PARAMS'] }
            approval:
              rules: [ { id: any, require: { count: 1 } } ]
            validation:
              gates:
                - { id: size, type: Expression, cel: "change.linesRemoved < 400", message: "too much" }
            """);
    Terminal.Ended run =
        execute(
            policy,
            """
            defaults: { timeout: 1m, onFailure: rollback }
            steps:
              - { id: save, type: FileBackup, action: { files: [a.txt, pay.json] } }
              - id: new
                type: FileCreation
                dependsOn: [save]
                action: { file: new.txt, expect: { exists: false }, content: "new\\n" }
                rollback: { action: DeleteCreated }
              - id: change
                type: FileModification
                dependsOn: [new]
                action: { file: a.txt, edits: [ { replace: { find: hello, with: bye } } ] }
                validation: [ { rule: contains, text: bye } ]
                rollback: { action: RestoreBackup, from: save }
              - { id: drop, type: FileDeletion, action: { file: src/b.txt, expect: { exists: true } } }
              - { id: compile, type: Compilation, dependsOn: [change], action: { argv: [test, -f, new.txt] } }
              - id: unit
                type: TestExecution
                dependsOn: [compile]
                action:
                  argv: [sh, -c, "mkdir -p r; echo '<testsuite name=\\"s\\" tests=\\"1\\"><testcase classname=\\"A\\" name=\\"b\\"/></testsuite>' > r/TEST-a.xml"]
                  reports: ["r/*.xml"]
                validation: [ { rule: testsRun, min: 1 }, { rule: testsFailed, max: 0 } ]
              - id: latency
                type: CommandExecution
                dependsOn: [unit]
                when: "run.steps['unit'].result == 'passed'"
                action: { argv: [sh, -c, "rm -r r; echo '{\\"p99Millis\\": 240}' > bench.json; echo timed"], outputs: [bench.json] }
                validation:
                  - { rule: exitCode, equals: 0 }
                  - { rule: cel, expr: "output.json.p99Millis <= 250.0 && output.text.contains('timed')", message: "p99 above 250 ms" }
              - { id: never, type: CommandExecution, when: "run.dryRun", action: { argv: ["false"] } }
              - { id: sizes, type: Validation, dependsOn: [unit], action: { checks: [ { cel: "change.files.all(f, f.size < 65536)" } ] } }
              - { id: ok, type: Approval, dependsOn: [latency, sizes], action: { rule: any, message: "look" } }
              - { id: tell, type: Notification, dependsOn: [ok], action: { channel: team-log, message: "ready" }, onFailure: continue }
              - { id: undo-one, type: FileRestore, dependsOn: [ { step: latency, result: failed } ], action: { from: save, files: [pay.json] } }
              - { id: undo-all, type: Rollback, dependsOn: [ { step: unit, result: failed } ], action: { scope: plan } }
              - { id: note, type: Other, dependsOn: [unit], action: { handler: changelog, params: { text: "Unreleased $(id) ; ls" } } }
            """);
    assertThat(run.exit()).as(run.err()).isEqualTo(12);
    assertThat(results())
        .containsEntry("latency", "passed")
        .containsEntry("never", "skipped")
        .containsEntry("note", "passed")
        .containsEntry("undo-one", "skipped")
        .containsEntry("undo-all", "skipped")
        .containsEntry("tell", "skipped");
    Path notices = terminal.state.resolve("notices.jsonl");
    assertThat(notices).doesNotExist();
    Terminal.Ended look = terminal.run("execute", "review", "--context-id", "last");
    assertThat(look.out()).contains("any: 1 from anybody; given: nobody; 1 missing");
    Terminal.Ended review =
        terminal.run("execute", "review", "--context-id", "last", "--approve", "--comment", "ok");
    assertThat(review.exit()).as(review.err()).isZero();
    assertThat(terminal.tree())
        .containsEntry("a.txt", "bye\n")
        .containsEntry("new.txt", "new\n")
        .containsEntry("CHANGES", "- Unreleased $(id) ; ls\n")
        .doesNotContainKey("src/b.txt");
    assertThat(notices).content().contains("\"message\":\"ready\"").hasLineCount(1);
    assertThat(terminal.leftovers()).isEmpty();
  }

  @Test
  void aFailedStepGoesBackAndItsCleanUpBranchRuns() throws Exception {
    String steps =
        """
        defaults: { timeout: 1m }
        steps:
          - { id: save, type: FileBackup, action: { files: [a.txt] } }
          - { id: edit, type: FileModification, dependsOn: [save], action: { file: a.txt, edits: [ { append: "more\\n" } ] } }
          - id: broken
            type: CommandExecution
            dependsOn: [edit]
            onFailure: %s
            action: { argv: [sh, -c, "echo bad > a.txt; echo left > left.txt; exit 3"] }
          - { id: after, type: CommandExecution, dependsOn: [broken], action: { argv: ["true"] } }
          - { id: seen, type: CommandExecution, dependsOn: [ { step: broken, result: failed } ], action: { argv: [sh, -c, "test ! -e left.txt; echo $? > seen.txt; cat a.txt >> seen.txt"] } }
          - { id: restore, type: FileRestore, dependsOn: [seen], action: { from: save } }
        """;
    String policy = terminal.policy("");
    Terminal.Ended stop = execute(policy, steps.formatted("rollback"));
    assertThat(stop.exit()).as(stop.err()).isEqualTo(10);
    assertThat(results())
        .containsEntry("broken", "failed")
        .containsEntry("after", "skipped")
        .containsEntry("seen", "passed")
        .containsEntry("restore", "passed");
    // With continue nothing is taken back, so that the clean-up sees what was left.
    Terminal.Ended goOn = execute(policy, steps.formatted("continue"));
    assertThat(goOn.exit()).as(goOn.err()).isEqualTo(12);
    Terminal.Ended diff = terminal.run("execute", "diff", "--context-id", "last");
    assertThat(diff.out()).contains("+++ b/left.txt").contains("+bad").doesNotContain("b/a.txt");
    assertThat(terminal.leftovers()).isEmpty();
  }

  @Test
  void aRolledBackCommandLeavesNothingInTheChange() {
    String steps =
        """
        defaults: { timeout: 1m, onFailure: continue }
        steps:
          - { id: keep, type: FileCreation, action: { file: keep.txt, content: "keep\\n" } }
          - id: broken
            type: CommandExecution
            onFailure: continue
            action: { argv: [sh, -c, "rm keep.txt a.txt; mkdir d; echo x > d/x; ln -s d l; exit 1"] }
            rollback: { action: RestoreBackup, from: save }
            dependsOn: [save, keep]
          - { id: save, type: FileBackup, action: { files: [keep.txt, a.txt] }, dependsOn: [keep] }
          - { id: undo, type: Rollback, dependsOn: [ { step: broken, result: failed } ], action: { scope: step, step: broken } }
          - { id: all, type: Rollback, when: "%s", dependsOn: [undo], action: { scope: plan } }
          - { id: last, type: FileCreation, dependsOn: [ { step: all, result: any } ], action: { file: last.txt, content: "last\\n" } }
        """;
    String policy = terminal.policy("");
    assertThat(execute(policy, steps.formatted("false")).exit()).isEqualTo(12);
    assertThat(terminal.run("execute", "diff", "--context-id", "last").out())
        .contains("b/keep.txt")
        .contains("b/d/x")
        .doesNotContain("b/a.txt");
    assertThat(execute(policy, steps.formatted("true")).exit()).isEqualTo(12);
    assertThat(terminal.run("execute", "diff", "--context-id", "last").out())
        .contains("b/last.txt")
        .doesNotContain("keep.txt")
        .doesNotContain("b/d/x");
  }

  @Test
  void aFailedGateIsOverriddenByWhoMayWithAReason() throws Exception {
    String me = System.getProperty("user.name");
    String policy =
        terminal.policy(
            """
            teams: { leads: [%s] }
            approval:
              overrides: [ { gate: size, by: ["team:leads"], reason: required } ]
            validation:
              gates:
                - { id: size, type: Expression, cel: "change.linesAdded < 1", message: "too much" }
                - { id: there, type: CommandExecution, argv: [test, -f, new.txt] }
            """
                .formatted(me));
    Terminal.Ended run =
        execute(
            policy,
            "steps:\n  - { id: n, type: FileCreation, action: { file: new.txt, content: x } }\n");
    assertThat(run.exit()).as(run.err()).isEqualTo(10);
    assertThat(status().path("state").asText()).isEqualTo("awaiting-approval");
    assertThat(terminal.run("execute", "review", "--context-id", "last", "--approve").exit())
        .isEqualTo(10);
    Terminal.Ended silent =
        terminal.run(
            "execute", "review", "--context-id", "last", "--approve", "--override", "size");
    assertThat(silent.exit()).isEqualTo(2);
    assertThat(silent.err()).contains("needs a reason");
    assertThat(
            terminal
                .run(
                    "execute",
                    "review",
                    "--context-id",
                    "last",
                    "--approve",
                    "--override",
                    "there",
                    "--comment",
                    "x")
                .exit())
        .isEqualTo(2);
    Terminal.Ended yes =
        terminal.run(
            "execute",
            "review",
            "--context-id",
            "last",
            "--approve",
            "--override",
            "size",
            "--comment",
            "wide but safe");
    assertThat(yes.exit()).as(yes.err()).isZero();
    assertThat(terminal.tree()).containsEntry("new.txt", "x");
    assertThat(terminal.run("audit", "show", "--format", "json").out()).contains("wide but safe");
  }

  @Test
  void whatThePolicyDoesNotDefineOrCannotReachIsRefusedBeforeAnythingRuns() {
    String policy = terminal.policy("");
    Terminal.Ended names =
        execute(
            policy,
            """
            steps:
              - { id: a, type: Notification, action: { channel: nowhere, message: hi } }
              - { id: b, type: Other, action: { handler: nothing } }
              - { id: c, type: Approval, action: { rule: nobody } }
            """);
    assertThat(names.exit()).isEqualTo(3);
    assertThat(names.err()).contains("nowhere").contains("nothing").contains("nobody");
    String another = terminal.policy("approval: { selfApproval: deny }\n");
    String one = "steps:\n  - { id: n, type: FileCreation, action: { file: n, content: x } }\n";
    Terminal.Ended alone = execute(another, one);
    assertThat(alone.exit()).isEqualTo(3);
    assertThat(alone.err()).contains("2770");
    assertThat(execute(another, one, "--dry-run").exit()).isZero();
  }

  @Test
  void noCommandPreparesTheNextOne() throws Exception {
    String poison =
        "export PATH=/workspace/bin:$PATH LEFT=evil; mkdir bin; printf '#!/bin/sh\\necho evil\\n' > bin/ls; chmod 755 bin/ls;"
            + " echo 'echo evil' | tee ~/.profile > ~/.bashrc; echo '[core]' > ~/.gitconfig; echo evil > /tmp/left; ls";
    String look =
        "printenv PATH; printenv LEFT; ls -A ~ /tmp; sh -lc ls; [ -e ~/.gitconfig ] && echo evil; echo seen";
    Terminal.Ended run =
        execute(
            terminal.policy(""),
            "defaults: { timeout: 1m }\nsteps:\n"
                + "  - { id: poison, type: CommandExecution, action: { argv: [sh, -c, \""
                + poison
                + "\"] } }\n  - { id: look, type: CommandExecution, dependsOn: [poison], action: { argv: [sh, -c, \""
                + look
                + "\"] } }\n");
    assertThat(run.exit()).as(run.err()).isEqualTo(12);
    assertThat(log("poison")).contains("evil"); // the control: there it works
    assertThat(log("look")).contains("seen").doesNotContain("evil").doesNotContain("left");
  }

  private String log(String step) {
    return terminal.run("execute", "logs", "--context-id", "last", "--step", step).out();
  }

  @Test
  void aWorkingDirectoryIsNeverReachedThroughALink() throws Exception {
    Files.createSymbolicLink(terminal.workspace.resolve("link"), Path.of("/etc"));
    Files.createSymbolicLink(terminal.workspace.resolve("inside"), Path.of("src"));
    String policy = terminal.policy("");
    String steps =
        "defaults: { timeout: 1m }\nsteps:\n  - { id: links, type: CommandExecution, action: { argv: [sh, -c, \"ln -s /etc made; mkdir -p d/e\"] } }\n"
            + "  - { id: go, type: CommandExecution, dependsOn: [links], action: { argv: [pwd], cwd: %s } }\n";
    for (String bad : new String[] {"link", "link/ssl", "made", "inside", "d/none", "a.txt"}) {
      Terminal.Ended run = execute(policy, steps.formatted(bad), "--dry-run");
      assertThat(run.exit()).as(bad + run.err()).isEqualTo(3);
      assertThat(run.err()).contains("is not a directory of the workspace").contains("= help: ");
    }
    assertThat(execute(policy, steps.formatted("d/e"), "--dry-run").err())
        .doesNotContain("is not a directory"); // the control
    assertThat(log("go")).contains("/workspace/d/e");
  }

  @Test
  void theEndOfAPaddedCommandIsShown() {
    terminal.plan(
        "PAD",
        "steps:\n  - { id: a, type: CommandExecution, action: { argv: [sh, -c, \"make"
            + " ".repeat(2000)
            + "\\n; rm -rf / \\u202e\"] } }\n  - { id: b, type: CommandExecution, action: { argv: [make] } }\n");
    Terminal.Ended shown = terminal.run("improve", "show", "--id", "PAD");
    assertThat(shown.out())
        .contains("; rm -rf / <U+202E>")
        .contains("<U+000A>")
        .contains("characters in one command")
        .contains("|make|"); // a short one as it is
    assertThat(shown.out().lines().filter(line -> line.contains("|")))
        .hasSizeGreaterThan(30)
        .allMatch(line -> line.length() < 80);
  }

  @Test
  void whoRanItDoesNotApproveItInASharedStateDirectory() throws Exception {
    Files.createDirectories(terminal.state);
    new ProcessBuilder("chmod", "2770", terminal.state.toString()).start().waitFor();
    String policy = terminal.policy("approval: { selfApproval: deny }\n");
    Terminal.Ended run =
        execute(
            policy, "steps:\n  - { id: n, type: FileCreation, action: { file: n, content: x } }\n");
    assertThat(run.exit()).as(run.err()).isEqualTo(12);
    Terminal.Ended review = terminal.run("execute", "review", "--context-id", "last", "--approve");
    assertThat(review.exit()).as(review.err()).isEqualTo(12);
    assertThat(review.out()).contains("another person than who ran it");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(terminal.state)))
        .isEqualTo("rwxrwx---");
  }
}
