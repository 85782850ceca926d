package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.FileChange;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.workspace.ChangeStats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a terminal is sent: colours of ours, and nothing of theirs. */
final class TerminalTextTest {
  private static final Paint COLOURS = new Paint(true);
  private static final Paint NONE = new Paint(false);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);

  @Test
  void aPatchIsPaintedByItsHunksAndNotByItsFirstLetters() {
    PatchPaint lines = new PatchPaint(COLOURS);
    assertThat(lines.apply("--- a/x")).isEqualTo("\u001b[1m--- a/x\u001b[0m");
    assertThat(lines.apply("@@ -1,2 +1,2 @@ head")).startsWith("\u001b[36m");
    assertThat(lines.apply("--- looks like a header")).startsWith("\u001b[31m");
    assertThat(lines.apply("+++ so does this")).startsWith("\u001b[32m");
    assertThat(lines.apply(" same")).isEqualTo(" same");
    assertThat(lines.apply("\\ No newline at end of file")).startsWith("\u001b[2m");
    assertThat(lines.apply("+++ b/y")).isEqualTo("\u001b[1m+++ b/y\u001b[0m");
    assertThat(new PatchPaint(NONE).apply("+++ b/y")).isEqualTo("+++ b/y");
  }

  @Test
  void whatAProgramPrintedLosesItsColoursAndKeepsNoOtherControl() throws IOException {
    try (OutputStream text = SafeText.output(stream)) {
      text.write(
          "\u001b[1;31mred\u001b[0m\u001b[K \u001b]0;title\u0007 \u001b[2J\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("red <U+001B>]0;title<U+0007> <U+001B>[2J\n");
  }

  @Test
  void aPatchKeepsItsControlsInSight() throws IOException {
    try (OutputStream text = SafeText.patch(stream, NONE)) {
      text.write("+\u001b[31mred\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("+<U+001B>[31mred\n");
  }

  @Test
  void theFilesToLookAtFirstAreOnTop() {
    List<FileChange> files =
        List.of(
            file("a.txt", FileOperation.MODIFY, 1, 1),
            file("b/large.txt", FileOperation.CREATE, 900, 0),
            file("gone.txt", FileOperation.DELETE, 0, 3),
            file("hook.sh", FileOperation.CREATE, 1, 0));
    List<Finding> findings =
        List.of(
            new Finding("handoff.hook", Severity.REVIEW, "hook.sh", 1, "runs elsewhere"),
            new Finding("note", Severity.INFO, "a.txt", 0, "nothing"));

    List<String> lines = new FileTable(files, findings).lines(NONE);

    assertThat(lines)
        .containsExactly(
            "create hook.sh      +1 −0  review",
            "delete gone.txt     +0 −3",
            "create b/large.txt  +900 −0",
            "modify a.txt        +1 −1",
            "4 files, +902 −4");
    assertThat(PathChoice.of(List.of("b/")).among(files)).containsExactly(files.get(1));
  }

  private static FileChange file(String path, FileOperation operation, int added, int removed) {
    return new FileChange(
        RelativePath.of(path), operation, new ChangeStats.Lines(true, added, removed));
  }

  @Test
  void anAgeIsItsLargestUnit() {
    assertThat(StatusList.age(Duration.ofSeconds(-3))).isEqualTo("0 s");
    assertThat(StatusList.age(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(StatusList.age(Duration.ofMinutes(59))).isEqualTo("59 min");
    assertThat(StatusList.age(Duration.ofHours(47))).isEqualTo("47 h");
    assertThat(StatusList.age(Duration.ofHours(48))).isEqualTo("2 d");
  }

  @Test
  void aRecordOfTheLogIsASentenceAndOneWithoutShowsItsFields() throws IOException {
    assertThat(
            sentence(
                "approval",
                "{\"approver\":\"ann\",\"verb\":\"reject\",\"context\":\"CTX-7\","
                    + "\"changeSet\":\"sha256:53eeb079f8cf00\",\"comment\":\"no\\u001b[31m\"}"))
        .endsWith("ann rejected CTX-7 at sha256:53eeb079f8cf: \"no<U+001B>[31m\"");
    assertThat(
            sentence(
                "INTENT",
                "{\"transaction\":\"TX-2\",\"kind\":\"rollback\",\"undoes\":[\"TX-1\"],\"paths\":3}"))
        .endsWith("TX-2: rollback of TX-1, 3 paths");
    assertThat(sentence("new-type", "{\"a\":1,\"b\":[2]}")).endsWith("a=1 b=[2]");
  }

  private static String sentence(String type, String payload) throws IOException {
    ObjectNode record =
        (ObjectNode)
            new ObjectMapper().readTree("{\"seq\":4,\"time\":\"2026-12-01T06:02:26.670910592Z\"}");
    record.put("type", type).set("payload", new ObjectMapper().readTree(payload));
    String line = AuditSentence.of(record);
    assertThat(line).startsWith("    4  2026-12-01 06:02:26  " + type);
    return line;
  }
}
