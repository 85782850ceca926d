package dev.tars.runner.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A context's document that somebody edited. */
final class DamagedContextTest {
  private static final Set<String> OPTIONAL =
      Set.of("endedAt", "expiresAt", "failure", "approvals", "notes", "write");

  @TempDir private Path temp;
  private ContextDir dir;
  private ObjectNode whole;

  @BeforeEach
  void whole() {
    dir = StoreLayout.open(LinuxDisk.create(), temp.resolve("state")).newContext();
    whole = KeptDocument.judged(dir.id().text(), "awaiting-approval", "2026-01-01T00:00:00Z");
    whole
        .withArray("transactions")
        .addObject()
        .put("id", "TX-1")
        .put("kind", "promote")
        .put("state", "committed");
    whole.withArray("steps").addObject().put("id", "s").put("result", "passed").put("millis", 1);
    whole.withArray("reports").add("html");
    whole.putObject("failure").put("code", "c").put("what", "w").putArray("notes").add("n");
    whole.withObject("permissions").putArray("write").add("src/**");
    ObjectNode approvals = whole.putObject("approvals").put("needed", 1).put("given", 0);
    approvals.put("expiresAt", "2026-01-01T00:00:00Z").putArray("reasons").add("r");
    ObjectNode rule = approvals.putArray("rules").addObject().put("rule", "").put("count", 1);
    rule.put("missing", 1).putArray("from").add("a");
    rule.putArray("given").add("a");
  }

  @Test
  void asWeWroteItItOpens() {
    assertThat(open(whole.toString()).baseline().hex()).isEqualTo("0".repeat(64));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "awaiting-approval, promoted-by-me",
        "awaiting-approval, AWAITING-APPROVAL",
        "awaiting-approval, dry-run_passed",
        "sha256:00, sha256:zz",
        "CTX-, CTX-9",
        "tars.context/v1, tars.context/v2",
        "2026-01-01T00, 2026-01-01",
        "src/**, !src/**",
        "\"exitCode\":12, \"exitCode\":0",
        "\"toPeople\":\"full\", \"toPeople\":\"no\"",
      })
  void whatIsNotOursIsNotGoneOnWith(String from, String to) {
    assertThat(whole.toString()).contains(from);
    assertDamaged(() -> open(whole.toString().replace(from, to)));
  }

  /** Each field in its turn is of another type, or is gone; but for the few that need not be. */
  @Test
  void eachFieldHasItsTypeAndIsThere() {
    List<String> opened = new ArrayList<>();
    int tried = 0;
    for (String pointer : fields(whole, "")) {
      String field = pointer.substring(pointer.lastIndexOf('/') + 1);
      JsonPointer place = JsonPointer.compile(pointer);
      for (JsonNode other : others(whole.at(place))) {
        ObjectNode changed = whole.deepCopy();
        ((ObjectNode) changed.at(place.head())).set(field, other);
        tried++;
        if (opens(changed)) {
          opened.add(pointer + " as " + other);
        }
      }
      ObjectNode without = whole.deepCopy();
      ((ObjectNode) without.at(place.head())).remove(field);
      assertThat(opens(without)).as(pointer + " is gone").isEqualTo(OPTIONAL.contains(field));
    }
    assertThat(opened).isEmpty();
    assertThat(tried).isGreaterThan(100);
  }

  /**
   * The pointers of all fields of all objects in it, but for those within the verdict: that one is
   * compared with the file that holds it.
   */
  private static List<String> fields(JsonNode node, String at) {
    List<String> found = new ArrayList<>();
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        found.addAll(fields(node.get(i), at + "/" + i));
      }
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String pointer = at + "/" + field.getKey();
      found.add(pointer);
      if (!pointer.equals("/verdict")) {
        found.addAll(fields(field.getValue(), pointer));
      }
    }
    return found;
  }

  /** A null, and a value of each type that it is not. */
  private static List<JsonNode> others(JsonNode node) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return Stream.<JsonNode>of(
            json.nullNode(),
            json.textNode("x"),
            json.numberNode(1.5),
            json.booleanNode(true),
            json.arrayNode().add(json.arrayNode()),
            json.objectNode())
        .filter(other -> other.getNodeType() != node.getNodeType() || other.isDouble())
        .toList();
  }

  private boolean opens(ObjectNode document) {
    try {
      var _ = open(document.toString());
      return true;
    } catch (RunnerException e) {
      assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY);
      return false;
    }
  }

  @Test
  void withoutABaselineNothingIsPromoted() {
    whole.put("state", "staging").remove(List.of("baseDigest", "changeSet", "verdict"));
    RunContext context = open(whole.toString());
    assertDamaged(context::baseline);
  }

  private static void assertDamaged(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
  }

  private RunContext open(String document) {
    dir.write("context.json", document.getBytes(UTF_8));
    return RunContext.open(dir, Clock.systemUTC(), event -> {});
  }
}
