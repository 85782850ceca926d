package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evidence.attestation}: anybody can check it with tools that know nothing of tarscli. */
class AttestationDockerIT {
  /** As the documentation says it. */
  private static final String RECIPE =
      """
      set -e
      sed 's/.*"payload":"\\([^"]*\\)".*/\\1/' attestation.json | base64 -d > payload
      sed 's/.*"sig":"\\([^"]*\\)".*/\\1/' attestation.json | base64 -d > sig
      printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < payload)" | cat - payload > signed
      openssl pkey -pubin -inform DER -in KEY -out key.pem
      openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile sig
      """;

  @TempDir private Path temp;

  @Test
  void whatWasFoundAndPromotedIsSigned() throws Exception {
    Terminal terminal = new Terminal(temp);
    terminal.improvement("DO", "echo more >> a.txt");
    String policy =
        terminal.policy(
            "validation:\n  gates:\n    - { id: check, type: CommandExecution, argv: [\"true\"] }\n"
                + "evidence: { attestation: { format: in-toto, sign: key } }\n");
    Terminal.Ended run =
        terminal.run(
            "execute", "improvement", "--id", "DO", "--policy", policy, "--output-dir", "out");
    assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(12);
    Path out = temp.resolve("out");
    verifies(terminal, out, 0);
    JsonNode before = statement(out);
    assertThat(before.at("/predicate/promoted").asBoolean()).isFalse();
    assertThat(before.at("/predicate/verdict").asText()).isEqualTo("passed");

    Terminal.Ended review = terminal.run("execute", "review", "--context-id", "last", "--approve");
    assertThat(review.exit()).as(review.err()).isZero();
    Path context = terminal.state.resolve("contexts/CTX-1");
    verifies(terminal, context, 0);
    JsonNode after = statement(context);
    assertThat(after.path("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
    assertThat(after.at("/predicate/promoted").asBoolean()).isTrue();
    assertThat(after.at("/predicate/approvedBy")).hasSize(1);
    assertThat(after.at("/predicate/gates/0/result").asText()).isEqualTo("passed");
    assertThat(after.at("/subject/1/name").asText()).isEqualTo("./a.txt");
    assertThat(after.at("/subject/1/digest/sha256").asText())
        .isEqualTo(sh(terminal.workspace, "sha256sum a.txt").substring(0, 64));
    String audit = terminal.run("audit", "show", "--format", "json").out();
    assertThat(audit)
        .contains("sha256:" + sh(context, "sha256sum attestation.json").substring(0, 64));
    assertThat(terminal.run("audit", "verify").exit()).isZero();

    // The attack: a statement with another word in it.
    Path file = out.resolve("attestation.json");
    String changed =
        new String(Base64.getDecoder().decode(envelope(out).path("payload").asText()), "UTF-8")
            .replace("\"promoted\":false", "\"promoted\":true ");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                envelope(out).path("payload").asText(),
                Base64.getEncoder().encodeToString(changed.getBytes("UTF-8"))));
    verifies(terminal, out, 1);
  }

  private static void verifies(Terminal terminal, Path directory, int exit) throws Exception {
    String key = terminal.state.resolve("keys/ed25519.pub").toString();
    Process process =
        new ProcessBuilder("sh", "-c", RECIPE.replace("KEY", key))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), "UTF-8");
    assertThat(process.waitFor()).as(said).isEqualTo(exit);
  }

  private static JsonNode envelope(Path directory) throws IOException {
    return new ObjectMapper().readTree(directory.resolve("attestation.json").toFile());
  }

  private static JsonNode statement(Path directory) throws IOException {
    return new ObjectMapper()
        .readTree(Base64.getDecoder().decode(envelope(directory).path("payload").asText()));
  }

  private static String sh(Path directory, String command) throws IOException {
    Process process = new ProcessBuilder("sh", "-c", command).directory(directory.toFile()).start();
    return new String(process.getInputStream().readAllBytes(), "UTF-8");
  }
}
