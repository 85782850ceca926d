package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each field of each document that one real run left is removed, changed and given another type,
 * one by one, and the commands that read it are asked. What they see they name in one shape, and
 * nothing makes them hang or fail as if tarscli were at fault.
 */
class DamagedEvidenceDockerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = " --context-id CTX-1";
  private static final int DAMAGED = 19;
  private static final String ESC = "\u001b";

  /** How each ends while nothing is damaged. */
  private static final Map<String, Integer> SOUND =
      Map.ofEntries(
          Map.entry("execute status --detail" + ID, 0),
          Map.entry("execute status", 0),
          Map.entry("execute monitor" + ID, 12),
          Map.entry("execute diff" + ID, 0),
          Map.entry("execute diff --stat" + ID, 0),
          Map.entry("execute report --type json" + ID, 0),
          Map.entry("execute report --type html" + ID, 0),
          Map.entry("execute logs" + ID, 0),
          Map.entry("execute review" + ID, 0),
          Map.entry("policy explain" + ID, 0));

  /** Need not be there, or are for nobody but who is told briefly. */
  private static final String OPTIONAL = ".*/(brief|approvals|endedAt)(/.*)?|/steps/1/exitCode";

  @TempDir private Path temp;
  private Terminal terminal;

  private record Ended(int exit, String out, String err) {}

  @Test
  void noDamageIsAFaultOrAFalseStory() throws Exception {
    run();
    SOUND.forEach((command, exit) -> {
      Ended ended = ask(command);
      assertThat(ended.exit()).as(command + ended.err()).isEqualTo(exit);
    });
    // Another value of the right type is held against the audit log, before anything is promoted.
    List<String> unseen =
        damage("context.json", "execute monitor" + ID).stream()
            .filter(d -> !d.sameType() && !d.pointer().matches(OPTIONAL))
            .map(Damage::toString)
            .toList();
    assertThat(unseen).isEmpty();
    assertThat(damage("changeset.json", "execute report --type json" + ID)).isEmpty();
    assertThat(damage("verdict.json", "execute report --type json" + ID)).isEmpty();
    assertThat(damage("gate-there-after.json", "execute report --type html" + ID))
        .noneMatch(d -> !d.sameType() && d.pointer().matches("/gate|/inventory/.*"));
    for (String file :
        List.of("context.json", "changeset.json", "verdict.json", "gate-there-after.json")) {
      assertThat(whole(file)).as(file).isTrue();
    }
    // Nobody believes these; what is of no use in them is left out or named.
    for (String file : List.of("policy.json", "improvement.yaml", "events.jsonl")) {
      assertThat(whole(file)).as(file).isFalse();
    }
    assertThat(whole("decisions.jsonl")).isTrue();
  }

  private void run() {
    terminal = new Terminal(temp);
    String policy =
        terminal.policy(
            "validation:\n  gates:\n    - { id: there, type: CommandExecution, argv: [test, -f, new.txt] }\n"
                + "approval: { count: 1 }\n");
    terminal.plan(
        "DO",
        "steps:\n  - { id: n, type: FileCreation, action: { file: new.txt, content: \"n\\n\" } }\n"
            + "  - { id: run, type: CommandExecution, action: { argv: [sh, -c, \"echo b >> a.txt\"] } }\n");
    Terminal.Ended ran = terminal.run("execute", "improvement", "--id", "DO", "--policy", policy);
    assertThat(ran.exit()).as(ran.err()).isEqualTo(12);
  }

  /** One field that is another now. */
  private record Damage(String pointer, JsonNode value, boolean sameType) {}

  /** Those that none of the commands saw. */
  private List<Damage> damage(String file, String... commands) throws IOException {
    Path path = terminal.state.resolve("contexts/CTX-1").resolve(file);
    byte[] before = Files.readAllBytes(path);
    JsonNode kept = JSON.readTree(before);
    List<Damage> unseen = new ArrayList<>();
    for (String pointer : fields(kept, "")) {
      JsonNode old = kept.at(pointer);
      for (JsonNode other : others(old)) {
        Files.writeString(path, with(kept, pointer, other).toString());
        if (!seen(file + pointer + " as " + other, List.of(commands))) {
          unseen.add(new Damage(pointer, other, other.getNodeType() == old.getNodeType()));
        }
      }
    }
    Files.write(path, before);
    return unseen;
  }

  private static JsonNode with(JsonNode kept, String pointer, JsonNode other) {
    JsonPointer at = JsonPointer.compile(pointer);
    String field = at.last().getMatchingProperty();
    JsonNode changed = kept.deepCopy();
    ObjectNode in = (ObjectNode) changed.at(at.head());
    if (other.isMissingNode()) {
      in.remove(field);
    } else {
      in.set(field, other);
    }
    return changed;
  }

  /** True if one of them saw the damage; each ends as it would without, or says that it did. */
  private boolean seen(String damage, Iterable<String> commands) {
    boolean seen = false;
    for (String command : commands) {
      Ended ended = ask(command);
      String what = damage + ": " + command + "\n" + ended.err();
      if (ended.exit() == DAMAGED) {
        seen = true;
        assertThat(ended.err()).as(what).contains("error[TARS-", "= help: ");
      } else if (!damage.startsWith("context.json/exitCode")) {
        assertThat(ended.exit()).as(what).isEqualTo(SOUND.get(command));
      }
      assertThat(ended.out() + ended.err()).as(what).doesNotContain(ESC);
    }
    return seen;
  }

  /** Emptied, cut short, and no JSON of ours. */
  private boolean whole(String file) throws IOException {
    Path path = terminal.state.resolve("contexts/CTX-1").resolve(file);
    byte[] before = Files.readAllBytes(path);
    boolean seen = false;
    for (byte[] other :
        List.of(
            new byte[0],
            Arrays.copyOf(before, before.length / 2),
            "null\n7\n\"x\"\n{}\n".getBytes(StandardCharsets.UTF_8),
            new byte[] {(byte) 0xff, 0, '\n'})) {
      Files.write(path, other);
      seen |= seen(file + " of " + other.length + " bytes", SOUND.keySet());
    }
    Files.write(path, before);
    return seen;
  }

  private static List<String> fields(JsonNode node, String at) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < node.size() && node.isArray(); i++) {
      found.addAll(fields(node.get(i), at + "/" + i));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String pointer = at + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
      found.add(pointer);
      found.addAll(fields(field.getValue(), pointer));
    }
    return found;
  }

  /** Nothing, another value of the type, and one of another type. */
  private static List<JsonNode> others(JsonNode node) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    JsonNode value =
        switch (node.getNodeType()) {
          case STRING -> json.textNode(node.asText() + ESC + "[2J");
          case NUMBER -> json.numberNode(node.asLong() + 1);
          case BOOLEAN -> json.booleanNode(!node.asBoolean());
          case ARRAY -> json.arrayNode().add(json.arrayNode());
          default -> json.objectNode().put("x", 1);
        };
    JsonNode otherType = node.isTextual() ? json.numberNode(-1) : json.textNode("x");
    return List.of(json.missingNode(), json.nullNode(), value, otherType);
  }

  private Ended ask(String command) {
    List<String> arguments = new ArrayList<>(List.of("-w", terminal.workspace.toString()));
    arguments.addAll(List.of("--state-dir", terminal.state.toString()));
    arguments.addAll(List.of(command.split(" ", -1)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = Main.run(arguments.toArray(new String[0]), new Console(out, err));
    return new Ended(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
