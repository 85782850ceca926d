package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Between a run and its approval somebody who can write the state directory changes what the
 * approval is about. One run, many changes, each on a copy of what the run left.
 */
class TamperedEvidenceDockerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GATE =
      "validation:\n  gates:\n    - { id: there, type: CommandExecution, argv: [test, -f, new.txt] }\n";

  @TempDir private Path temp;
  private Terminal terminal;
  private Path policy;

  /** A change to what is kept of a run. */
  private interface Change {
    void make() throws Exception;
  }

  @Test
  void whatWasChangedAfterTheRunIsNeverPromoted() throws Exception {
    terminal = new Terminal(temp);
    policy = Path.of(terminal.policy(GATE + "approval: { count: 1 }\n"));
    terminal.plan(
        "DO",
        "steps:\n  - { id: n, type: FileCreation, action: { file: new.txt, content: \"approved\\n\" } }\n");
    Terminal.Ended dry = execute("--dry-run");
    assertThat(dry.exit()).as(dry.err()).isZero();
    assertThat(execute().exit()).isEqualTo(12);
    Map<String, String> before = terminal.tree();

    // A blob, by one byte.
    refused(
        19,
        "",
        () -> {
          Path blob = blob("approved\n");
          Files.delete(blob);
          Files.writeString(blob, "approvec\n");
        });
    // The change set, with a blob that is there under its right name.
    refused(
        19,
        "",
        () -> {
          String other = put("evil\n");
          String digest = sha("approved\n");
          edit("CTX-2", "changeset.json", text -> text.replace(digest, other));
        });
    // Change set and verdict both, so that they agree with each other.
    refused(
        19,
        "verdict",
        () -> {
          String other = put("evil\n");
          String digest = sha("approved\n");
          edit("CTX-2", "changeset.json", text -> text.replace(digest, other));
          edit("CTX-2", "verdict.json", text -> text.replace("\"passed\"", "\"passed\" "));
        });
    refused(
        19, "verdict", () -> edit("CTX-2", "verdict.json", text -> text.replace("there", "three")));
    // Who ran it, which policy and image it was judged under, what its steps did, how it was asked.
    refused(19, "user", () -> field("CTX-2", node -> node.put("user", "somebody")));
    refused(19, "steps", () -> field("CTX-2", node -> node.withArray("steps").removeAll()));
    refused(19, "options", () -> field("CTX-2", node -> node.put("backup", false)));
    refused(
        19, "policy", () -> field("CTX-2", node -> node.put("policyDigest", "sha256:" + sha("x"))));
    refused(
        14, "image", () -> field("CTX-2", node -> node.put("imageDigest", "sha256:" + sha("x"))));
    // The policy itself, to one that wants nobody.
    refused(
        14,
        "the policy",
        () ->
            Files.writeString(
                policy, Files.readString(policy).replace("count: 1", "auto: \"true\"")));
    refused(
        14,
        "the policy",
        () -> Files.writeString(policy, Files.readString(policy) + "resources: { pids: 77 }\n"));
    // A dry run that says it was none.
    refused(
        "CTX-1",
        19,
        "options",
        () ->
            field(
                "CTX-1",
                node ->
                    node.put("state", "awaiting-approval")
                        .put("exitCode", 12)
                        .put("dryRun", false)));
    // A log in which somebody writes an approval of his own making.
    refused(
        19,
        "",
        () -> {
          Path log = log();
          String line = Files.readString(log).lines().reduce((_, last) -> last).orElseThrow();
          Files.writeString(
              log,
              Files.readString(log)
                  + line.replaceAll("\"type\":\"[^\"]*\"", "\"type\":\"approval\"")
                  + "\n");
        });

    assertThat(terminal.tree()).isEqualTo(before);
    // The control: as it was it is approved, once.
    assertThat(approve("CTX-2").exit()).isZero();
    assertThat(terminal.tree()).containsEntry("new.txt", "approved\n");
    field("CTX-2", node -> node.put("state", "awaiting-approval").put("exitCode", 12));
    assertThat(approve("CTX-2").exit()).isNotZero();
  }

  private void refused(int exit, String says, Change change) throws Exception {
    refused("CTX-2", exit, says, change);
  }

  private void refused(String context, int exit, String says, Change change) throws Exception {
    Map<String, String> before = terminal.tree();
    String rules = Files.readString(policy);
    Path kept = temp.resolve("kept");
    sh("cp -a " + terminal.state + " " + kept);
    change.make();
    Terminal.Ended ended = approve(context);
    assertThat(ended.exit()).as(ended.out() + ended.err()).isEqualTo(exit);
    assertThat(ended.err()).contains("error[TARS-").contains(says).contains("= help: ");
    assertThat(terminal.tree()).isEqualTo(before);
    if (!says.isEmpty()) {
      assertThat(Files.readString(log())).contains("\"type\":\"approval-void\"");
    }
    sh("rm -rf " + terminal.state + " && mv " + kept + " " + terminal.state);
    Files.writeString(policy, rules);
  }

  private Terminal.Ended execute(String... more) {
    String[] command = {"execute", "improvement", "--id", "DO", "--policy", policy.toString()};
    String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return terminal.run(all);
  }

  private Terminal.Ended approve(String context) {
    return terminal.run("execute", "review", "--context-id", context, "--approve");
  }

  private void field(String context, java.util.function.Consumer<ObjectNode> change)
      throws IOException {
    edit(
        context,
        "context.json",
        text -> {
          try {
            JsonNode node = JSON.readTree(text);
            change.accept((ObjectNode) node);
            return node.toString();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private void edit(String context, String file, UnaryOperator<String> change) throws IOException {
    Path path = terminal.state.resolve("contexts").resolve(context).resolve(file);
    String text = Files.readString(path);
    String changed = change.apply(text);
    assertThat(changed).as(file).isNotEqualTo(text);
    Files.writeString(path, changed);
  }

  private Path blob(String content) {
    String sha = sha(content);
    return terminal.state.resolve("objects").resolve(sha.substring(0, 2)).resolve(sha);
  }

  private String put(String content) throws IOException {
    Files.createDirectories(blob(content).getParent());
    Files.writeString(blob(content), content);
    return sha(content);
  }

  private static String sha(String content) {
    return dev.tars.runner.model.Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private Path log() throws IOException {
    try (var workspaces = Files.list(terminal.state.resolve("workspaces"))) {
      return workspaces.findFirst().orElseThrow().resolve("log/audit.jsonl");
    }
  }

  private static void sh(String command) throws Exception {
    assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor()).isZero();
  }
}
