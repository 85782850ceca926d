package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code promotion.target: patch-file}: what is approved becomes a file, and nothing else. */
class PatchFileDockerIT {
  private static final String GATE =
      "validation:\n  gates:\n    - { id: check, type: CommandExecution, argv: [test, \"!\", -e, late.txt] }\n";
  private static final String PATCH =
      GATE + "promotion: { target: patch-file, requireBase: paths, afterCheck: [check] }\n";

  @TempDir private Path temp;
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(temp);
    terminal.improvement(
        "DO",
        "echo more >> a.txt; mkdir new empty; echo c > new/c.txt; rm src/b.txt; chmod 600 new/c.txt");
  }

  @Test
  void theApprovedChangeIsAPatchAndTheWorkspaceStaysAsItIs() throws Exception {
    Map<String, String> before = stamps();
    run(PATCH);
    Terminal.Ended review = approve();
    assertThat(review.exit()).as(review.out() + review.err()).isZero();
    assertThat(stamps()).isEqualTo(before);

    JsonNode patch = status().path("patch");
    Path file = Path.of(patch.path("file").asText());
    String digest = status().path("changeSet").path("digest").asText().substring(7);
    assertThat(file).hasFileName("change-" + digest + ".patch");
    assertThat(file).hasParent(terminal.state.resolve("contexts/CTX-1"));
    assertThat(status().path("state").asText()).isEqualTo("promoted");
    assertThat(status().path("transactions")).isEmpty();
    assertThat(review.out()).contains(file.toString(), "git -C ", " apply ");
    assertThat(review.out()).contains("does not say all of empty", "not say all of new/c.txt");
    assertThat(file).hasContent(terminal.run("execute", "diff", "--context-id", "last").out());
    recorded(patch, file);

    // One approval, one patch; and nothing to undo here.
    assertThat(approve().exit()).isEqualTo(14);
    for (String how : new String[] {"--all", "--file-path=a.txt"}) {
      Terminal.Ended undo = terminal.run("execute", "rollback", "--context-id", "last", how);
      assertThat(undo.exit()).isEqualTo(4);
      assertThat(undo.err()).contains("promoted as a patch", file.toString(), "--reverse");
    }
    assertThat(stamps()).isEqualTo(before);
    applied(file);
  }

  @Test
  void aPolicyThatApprovesByItselfWritesItBesideTheReports() throws Exception {
    Map<String, String> before = stamps();
    String policy = terminal.policy(PATCH + "approval: { auto: \"true\" }\n");
    terminal.improvement("DO", "echo c > c.txt");
    Terminal.Ended run =
        terminal.run(
            "execute", "improvement", "--id", "DO", "--policy", policy, "--output-dir", "out");
    assertThat(run.exit()).as(run.out() + run.err()).isZero();
    JsonNode patch = status().path("patch");
    Path beside = temp.resolve("out").resolve(Path.of(patch.path("file").asText()).getFileName());
    assertThat(beside).hasSameBinaryContentAs(Path.of(patch.path("file").asText()));
    assertThat(stamps().keySet()).isEqualTo(before.keySet());
  }

  @Test
  void noPatchIsWrittenOfWhatMoved() throws Exception {
    run(PATCH);
    terminal.write("a.txt", "edited by hand\n");
    Terminal.Ended stale = approve();
    assertThat(stale.exit()).as(stale.err()).isEqualTo(14);
    assertThat(patches()).isZero();
    // The control: what moved elsewhere is in nobody's way.
    terminal.write("a.txt", "hello\n");
    terminal.write("elsewhere.txt", "a person's\n");
    run(PATCH);
    assertThat(approve().exit()).isZero();
    assertThat(patches()).isEqualTo(1);
  }

  @Test
  void theAfterCheckLooksAtThePatchOnTheWorkspaceAsItIsNow() throws Exception {
    run(PATCH);
    terminal.write("late.txt", "which the gate does not like\n");
    Terminal.Ended review = approve();
    assertThat(review.exit()).as(review.err()).isEqualTo(10);
    assertThat(review.err()).contains("after-check", "no patch was written");
    assertThat(status().path("state").asText()).isEqualTo("failed");
    assertThat(patches()).isZero();
    assertThat(terminal.leftovers()).isEmpty();
  }

  @Test
  void withoutTheKeyTheWorkspaceChanges() {
    run(GATE);
    assertThat(approve().exit()).isZero();
    assertThat(terminal.tree()).containsEntry("new/c.txt", "c\n").doesNotContainKey("src/b.txt");
  }

  private void run(String policy) {
    Terminal.Ended run =
        terminal.run("execute", "improvement", "--id", "DO", "--policy", terminal.policy(policy));
    assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(12);
  }

  private Terminal.Ended approve() {
    return terminal.run("execute", "review", "--context-id", "last", "--approve");
  }

  private JsonNode status() throws Exception {
    return new ObjectMapper()
        .readTree(
            terminal.run("execute", "status", "--context-id", "last", "--format", "json").out());
  }

  private void recorded(JsonNode patch, Path file) throws Exception {
    String sha256 =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    assertThat(patch.path("sha256").asText()).isEqualTo("sha256:" + sha256);
    String audit = terminal.run("audit", "show", "--format", "json").out();
    assertThat(audit).contains("\"patch\"", "sha256:" + sha256, file.getFileName().toString());
    assertThat(terminal.run("audit", "verify").exit()).isZero();
  }

  private void applied(Path patch) throws Exception {
    Process git =
        new ProcessBuilder("git", "apply", patch.toString())
            .directory(terminal.workspace.toFile())
            .inheritIO()
            .start();
    assertThat(git.waitFor()).isZero();
    assertThat(terminal.tree())
        .containsEntry("a.txt", "hello\nmore\n")
        .containsEntry("new/c.txt", "c\n")
        .doesNotContainKey("src/b.txt");
  }

  private long patches() throws Exception {
    try (Stream<Path> all = Files.walk(terminal.state.resolve("contexts"))) {
      return all.filter(p -> p.toString().endsWith(".patch")).count();
    }
  }

  /** Everything in the workspace with what a write would change of it. */
  private Map<String, String> stamps() throws Exception {
    Map<String, String> stamps = new TreeMap<>();
    try (Stream<Path> all = Files.walk(terminal.workspace)) {
      for (Path path : all.toList()) {
        stamps.put(
            path.toString(),
            Files.getAttribute(path, "unix:ino") + " " + Files.getAttribute(path, "unix:ctime"));
      }
    }
    return stamps;
  }
}
