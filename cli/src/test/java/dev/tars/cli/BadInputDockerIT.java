package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What goes wrong, from the terminal: the exit status, an error that ends with what to do, the
 * workspace as it was, and nothing left on the engine.
 */
class BadInputDockerIT {
  private static final String SMALL =
      "resources: { memory: 128MiB, disk: 24MiB, inodes: 400, pids: 64, output: 64KiB, wallClock: 20s }\n";

  @TempDir private Path temp;
  private Terminal terminal;
  private Map<String, String> before;

  @BeforeEach
  void open() {
    terminal = new Terminal(temp);
    before = terminal.tree();
  }

  @AfterEach
  void nothingIsChangedOrLeft() {
    assertThat(terminal.tree()).isEqualTo(before);
    assertThat(onTheEngine()).isEmpty();
    assertThat(terminal.leftovers()).isEmpty();
  }

  private List<String> onTheEngine() {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    var http = new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build();
    Map<String, String> ours = Map.of("dev.tars.state-dir", terminal.state.toString());
    try (DockerClient docker = DockerClientImpl.getInstance(config, http)) {
      List<String> found = new ArrayList<>();
      docker
          .listContainersCmd()
          .withShowAll(true)
          .withLabelFilter(ours)
          .exec()
          .forEach(c -> found.add("container " + c.getId()));
      docker
          .listVolumesCmd()
          .withFilter("label", List.of("dev.tars.state-dir=" + terminal.state))
          .exec()
          .getVolumes()
          .forEach(v -> found.add("volume " + v.getName()));
      return found;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Terminal.Ended dryRun(String id, String policy) {
    return terminal.run("execute", "improvement", "--id", id, "--dry-run", "--policy", policy);
  }

  private static void says(Terminal.Ended ended, int exit, String text) {
    assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
    assertThat(ended.err()).contains("error[TARS-").contains(text).contains("= help: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "while :; do sleep 1; done | 15 | TARS-TIMEOUT",
        "perl -e '$x=\"a\"x(1<<30)' | 16 | TARS-RESOURCE-LIMIT",
        "perl -e '$x=q(a)x(1<<30)'; exit 0 | 16 | TARS-RESOURCE-LIMIT",
        "for i in 1 2 3 4 5; do head -c 20000000 /dev/zero > big$i; done; sleep 9 | 16 | TARS-RESOURCE-LIMIT",
        "i=0; while :; do i=$((i+1)); : > f$i; done | 16 | TARS-RESOURCE-LIMIT",
        "head -c 50000000 /dev/zero | 16 | TARS-RESOURCE-LIMIT",
        "yes | 16 | TARS-RESOURCE-LIMIT",
        "for i in 3 4 5 6; do eval \"exec $i>h\"; rm h; head -c 20000000 /dev/zero >&$i; done; sleep 9 | 16 | TARS-RESOURCE-LIMIT",
        "exec >&- 2>&-; sleep 1000 | 15 | TARS-TIMEOUT",
        "truncate -s 1T sparse | 10 | TARS-STEP-FAILED",
        "exit 3 | 10 | TARS-STEP-FAILED",
        "nosuchprogram | 10 | TARS-STEP-FAILED",
        "mkdir .github .github/workflows; echo x > .github/workflows/x.yml; echo x > .git/config | 10 | TARS-",
      })
  void aCommandThatMisbehavesEndsWithTheRightStatus(String script, int exit, String code) {
    terminal.improvement("BAD", script);
    Instant start = Instant.now();
    says(dryRun("BAD", terminal.policy(SMALL)), exit, code);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(60));
  }

  @Test
  void filesThatAreDeletedAndOnlyMappedTakeSpaceToo() {
    terminal.write(
        "hide.py",
        """
        import mmap, os, time
        held = []
        for i in range(4):
            f = open("h", "w+b")
            f.truncate(20_000_000)
            os.unlink("h")
            m = mmap.mmap(f.fileno(), 20_000_000)
            f.close()
            for at in range(0, 20_000_000, 4096):
                m[at] = 1
            m.flush()
            held.append(m)
        time.sleep(9)
        """);
    before = terminal.tree();
    terminal.improvement("MAPPED", "python3 hide.py");
    says(dryRun("MAPPED", terminal.policy(SMALL)), 16, "disk limit");
  }

  @Test
  void whatIsNoPlainFileOrMakesGitRunSomethingIsNeverInAChange() {
    String plain = "cp /bin/sh s; chmod 755 s; mkdir d; chmod 755 d; echo x > d/x";
    terminal.improvement("PLAIN", plain);
    assertThat(dryRun("PLAIN", terminal.policy(SMALL)).exit()).isZero(); // the control
    terminal.improvement(
        "ODD",
        plain
            + "; mkfifo p; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"k\")';"
            + " chmod 4755 s; chmod 1777 d; mkdir .GIT .GIT/hooks; echo x > .GIT/hooks/pre-commit;"
            + " mkdir x x/objects x/refs; echo ref: refs/heads/x > x/HEAD; echo x > x/config");
    Terminal.Ended odd = dryRun("ODD", terminal.policy(SMALL));
    says(odd, 11, "TARS-CHANGE-REFUSED");
    terminal.improvement(
        "HOOK", "mkdir .git .git/hooks; echo '#!/bin/sh' > .git/hooks/post-checkout");
    says(dryRun("HOOK", terminal.policy(SMALL)), 11, "path.hidden .git");
    assertThat(odd.err())
        .contains("file.special p: is a fifo")
        .contains("file.special k: is a socket")
        .contains("file.special-bits s")
        .contains("file.special-bits d")
        .contains("path.git-alias .GIT")
        .contains("path.nested-repository x");
  }

  @Test
  void aForkBombIsStopped() {
    terminal.improvement("FORKS", ":(){ :|:& };:; f() { f | f & }; f; sleep 30");
    assertThat(dryRun("FORKS", terminal.policy(SMALL)).exit()).isIn(10, 15, 16);
  }

  @Test
  void aProcessThatOutlivesItsCommandWritesNothing() {
    terminal.improvement(
        "LATE", "setsid sh -c 'sleep 2; echo late > /workspace/late' >/dev/null 2>&1 & echo ok");
    Terminal.Ended ended = dryRun("LATE", terminal.policy(SMALL));
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("0 files");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'steps: [' | 3",
        "'stepz: []' | 3",
        "'steps: [ { id: a, type: CommandExecution, dependsOn: [b], action: { argv: [x] } }, { id: b, type: CommandExecution, dependsOn: [a], action: { argv: [x] } } ]' | 3",
        "'steps: [ { id: a, type: CommandExecution, action: { argv: \"mvn test; curl evil\" } } ]' | 3",
        "'steps: [ { id: a, type: CommandExecution, image: evil, action: { argv: [x] } } ]' | 3",
        "'steps: [ { id: a, type: FileCreation, action: { file: ../x, content: x } } ]' | 3",
        "'steps: [ { id: a, type: FileCreation, action: { file: /etc/x, content: x } } ]' | 3",
        "'steps: [ { id: a, type: FileCreation, action: { file: .git/hooks/x, content: x } } ]' | 11",
        "'steps: [ { id: a, type: CommandExecution, action: { argv: [x], cwd: ../ } } ]' | 3",
        "'steps: [ { id: a, type: CommandExecution, action: { argv: [x] }, timeout: -1s } ]' | 3",
        "'steps: [ { id: a, type: CommandExecution, action: { argv: [x], env: { LD_PRELOAD: /workspace/x.so } } } ]' | 11",
        "'steps: [ { id: a, type: CommandExecution, action: { argv: [x], env: { PATH: /workspace/bin } } } ]' | 11",
        "'steps: [ { id: a, type: FileModification, action: { file: .GIT/config, edits: [ { append: x } ] } } ]' | 11",
        "'steps: [ { id: a, type: FileModification, action: { file: a.txt, edits: [ { move: .git/hooks/x } ] } } ]' | 11",
        "'steps: [ { id: a, type: FileDeletion, action: { file: .tars/policy.yaml } } ]' | 11",
        "'permissions: { memory: 900GiB }\nsteps: [ { id: a, type: CommandExecution, action: { argv: [x] } } ]' | 3",
      })
  void aPlanThatIsWrongDoesNotRun(String steps, int exit) {
    terminal.plan("WRONG", steps.replace("\\n", "\n") + "\n");
    says(dryRun("WRONG", terminal.policy(SMALL)), exit, "");
  }

  @Test
  void anEditThatDoesNotMatchShowsWhatIsNear() {
    terminal.plan(
        "NEAR",
        "steps:\n  - id: a\n    type: FileModification\n    action:\n      file: a.txt\n"
            + "      edits: [ { replace: { find: hallo, with: x } } ]\n");
    says(dryRun("NEAR", terminal.policy(SMALL)), 3, "TARS-EDIT-NOMATCH");
  }

  @Test
  void whatIsNotThereIsSaid() {
    says(terminal.run("execute", "improvement", "--id", "NOTHING"), 4, "TARS-NOT-FOUND");
    says(terminal.run("execute", "review", "--context-id", "CTX-99"), 4, "CTX-99");
    assertThat(terminal.run("execute", "improvement").exit()).isEqualTo(2);
    assertThat(terminal.run("nonsense").exit()).isEqualTo(2);
  }

  @Test
  void withoutAnEngineOrAnImageNothingRuns() {
    terminal.improvement("OK", "true");
    says(
        terminal.runWith(
            Map.of("DOCKER_HOST", "unix:///nonexistent/docker.sock"),
            "execute",
            "improvement",
            "--id",
            "OK",
            "--dry-run"),
        5,
        "TARS-ENGINE-UNREACHABLE");
    says(
        terminal.runWith(
            Map.of("DOCKER_HOST", "nonsense"), "execute", "improvement", "--id", "OK", "--dry-run"),
        3,
        "DOCKER_HOST");
    String policy = terminal.policy("runtime: { images: [ { ref: \"no-such-image:1\" } ] }\n");
    says(dryRun("OK", policy), 5, "TARS-IMAGE-MISSING");
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalEndsTheRunAndRemovesTheBox(String signal, int exit) throws Exception {
    terminal.improvement("LONG", "echo x >> a.txt; sleep 60");
    Terminal.Running running = runsLong();
    new ProcessBuilder("sh", "-c", "kill -" + signal + " " + running.process().pid())
        .start()
        .waitFor();
    assertThat(terminal.ended(running).exit()).isEqualTo(exit);
  }

  @Test
  void whatAKilledRunnerLeavesTheNextCommandRemoves() throws Exception {
    terminal.improvement("LONG", "echo x >> a.txt; sleep 60");
    terminal.improvement("OK", "true");
    Terminal.Running running = runsLong();
    running.process().destroyForcibly();
    terminal.ended(running);
    assertThat(onTheEngine()).isNotEmpty();
    assertThat(dryRun("OK", terminal.policy(SMALL)).exit()).isZero();
  }

  @Test
  void twoRunsAtOnceBothEnd() {
    terminal.improvement("ONE", "echo one >> a.txt");
    terminal.improvement("TWO", "echo two >> a.txt");
    Terminal.Running one =
        terminal.start(Map.of(), "execute", "improvement", "--id", "ONE", "--dry-run");
    Terminal.Running two =
        terminal.start(Map.of(), "execute", "improvement", "--id", "TWO", "--dry-run");
    assertThat(terminal.ended(one).exit()).isZero();
    assertThat(terminal.ended(two).exit()).isZero();
  }

  /** Starts it, and comes back when its command runs in a box. */
  private Terminal.Running runsLong() throws Exception {
    Terminal.Running running =
        terminal.start(Map.of(), "execute", "improvement", "--id", "LONG", "--dry-run");
    Instant late = Instant.now().plusSeconds(60);
    Path written = terminal.state.resolve("contexts/CTX-1/layer/upper/a.txt");
    while (!Files.exists(written)) {
      assertThat(Instant.now()).as("the run never began").isBefore(late);
      assertThat(running.process().isAlive()).isTrue();
      Thread.onSpinWait();
    }
    return running;
  }
}
