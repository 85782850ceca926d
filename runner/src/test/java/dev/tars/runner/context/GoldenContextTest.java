package dev.tars.runner.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Told;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Contexts that real runs of the first version left, in every state that one leaves. */
final class GoldenContextTest {
  private static final Path GOLDEN = Path.of("src/test/resources/contexts");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a run may leave out, or only some do. */
  private static final String MAY_BE_GONE =
      "/brief.*|.*/brief(/.*)?|/approvals|/approvals/expiresAt|/notifications|/patch|/layer"
          + "|/permissions/(write|commands|memory|wallClockMillis)"
          + "|/steps/[0-9]+/(exitCode|reason)|/failure/(where|help|notes)"
          + "|/verdict/isolation/facts/.*|/verdict/gates/[0-9]+/(tests|code)";

  @TempDir private Path temp;
  private ContextDir dir;
  private Contexts contexts;

  static List<String> golden() throws IOException {
    try (Stream<Path> names = Files.list(GOLDEN)) {
      return names.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @BeforeEach
  void state() {
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    dir = layout.newContext();
    contexts = new Contexts(layout);
  }

  /** Puts one where a state directory has it; all of them are called CTX-1 here. */
  private ObjectNode put(String name) throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN.resolve(name))) {
      for (Path file : files.toList()) {
        String text = Files.readString(file).replaceAll("CTX-[0-9]+", "CTX-1");
        Files.writeString(dir.path().resolve(file.getFileName()), text);
      }
    }
    return document();
  }

  private ObjectNode document() throws IOException {
    return (ObjectNode) JSON.readTree(dir.read(ContextFiles.CONTEXT));
  }

  @Test
  void everyStateThatARunLeavesIsAmongThem() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String name : golden()) {
      found.add(put(name).path("state").asText());
      Files.deleteIfExists(dir.path().resolve(ContextFiles.VERDICT));
    }
    Set<String> wanted = new TreeSet<>();
    for (State[] states :
        new State[][] {Ending.Done.values(), Ending.Waiting.values(), Ending.Failed.values()}) {
      Stream.of(states).map(State::id).forEach(wanted::add);
    }
    wanted.removeAll(Set.of("lost", "rollback-incomplete")); // a reader's word; two faults at once
    assertThat(found).containsAll(wanted).contains("running");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void whatIsReadIsWrittenAgainTheSame(String name) throws IOException {
    ObjectNode kept = put(name);
    ContextRecord record = RunContext.read(dir);
    JsonNode again = JSON.readTree(ContextCodec.write(record).toString());
    assertThat(firstDifference(kept, again, "")).isEmpty();
    assertThat(ContextCodec.read(JsonFields.of(again))).isEqualTo(record);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void itIsPrintedAsTheFirstVersionPrintedIt(String name) throws IOException {
    ObjectNode printed = put(name);
    Told.settle(printed, false);
    ContextRecord record = contexts.toldTo("alice").record("last");
    if (!record.state().id().equals("lost")) {
      JsonNode now = JSON.readTree(ContextCodec.print(record).toString());
      assertThat(firstDifference(printed, now, "")).isEmpty();
    }
    for (ContextRecord one : contexts.all(damaged -> assertThat(damaged).isNull())) {
      assertThat(one.id().text()).isEqualTo("CTX-1");
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void eachOfItsEventsIsReadAndWrittenAgainTheSame(String name) throws IOException {
    put(name);
    List<String> written = new ArrayList<>();
    contexts.events("last", 0, event -> written.add(EventCodec.write(event).toString()));
    assertThat(written).isEqualTo(Files.readAllLines(dir.path().resolve(ContextFiles.EVENTS)));
    assertThat(written).hasSizeGreaterThan(2);
  }

  /** Each field of each is gone, null, of every other type, out of range: it is damage, or free. */
  @ParameterizedTest
  @MethodSource("golden")
  void damageOfAnyFieldIsSeenAndNamed(String name) throws IOException {
    ObjectNode whole = put(name);
    ContextRecord record = ContextCodec.read(JsonFields.of(whole));
    List<String> unseen = new ArrayList<>();
    int tried = 0;
    for (String pointer : fields(whole, "")) {
      JsonPointer place = JsonPointer.compile(pointer);
      String field = place.last().getMatchingProperty();
      for (JsonNode other : others(whole.at(place))) {
        ObjectNode changed = whole.deepCopy();
        ((ObjectNode) changed.at(place.head())).set(field, other);
        tried++;
        Optional<String> said = damage(changed, record);
        if (said.isEmpty() && !pointer.matches(".*/brief(/.*)?")) {
          unseen.add(pointer + " as " + other);
        }
        said.filter(s -> !names(s, pointer)).ifPresent(s -> unseen.add(pointer + " as " + s));
      }
      ObjectNode without = whole.deepCopy();
      ((ObjectNode) without.at(place.head())).remove(field);
      if (damage(without, record).isEmpty() && !mayBeGone(pointer, whole, record.state())) {
        unseen.add(pointer + " is gone");
      }
    }
    assertThat(unseen).isEmpty();
    assertThat(tried).isGreaterThan(150);
  }

  /** A sentence names the field, or for what is in the verdict says that it is the verdict. */
  private static boolean names(String said, String pointer) {
    return said.contains(pointer.split("/", -1)[1]);
  }

  /**
   * What is said of it: by the record itself, or by who compares its verdict with the verdict's
   * file. That this is exit 19 is in {@link DamagedContextTest}.
   */
  private static Optional<String> damage(ObjectNode document, ContextRecord whole) {
    try {
      ContextRecord read = ContextCodec.read(JsonFields.of(document));
      return read.evidence().verdict().equals(whole.evidence().verdict())
          ? Optional.empty()
          : Optional.of("the verdict is not the one of the file");
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Only a change set needs what it was made on; only some states need an error. */
  private static boolean mayBeGone(String pointer, ObjectNode whole, State state) {
    return pointer.matches(MAY_BE_GONE)
        || (pointer.matches("/imageDigest|/baseDigest|/steps") && !whole.has("changeSet"))
        || (pointer.equals("/failure") && !(state instanceof Ending.Failed));
  }

  private static List<String> fields(JsonNode node, String at) {
    List<String> found = new ArrayList<>();
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      found.addAll(fields(node.get(i), at + "/" + i));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String pointer = at + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
      found.add(pointer);
      found.addAll(fields(field.getValue(), pointer));
    }
    return found;
  }

  /** A null, a value of each type that it is not, and numbers that it cannot be. */
  private static List<JsonNode> others(JsonNode node) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    List<JsonNode> others =
        new ArrayList<>(
            List.of(
                json.nullNode(),
                json.textNode("x"),
                json.numberNode(1.5),
                json.booleanNode(true),
                json.arrayNode().add(json.arrayNode()),
                json.objectNode()));
    others.removeIf(other -> other.getNodeType() == node.getNodeType() && !other.isDouble());
    if (node.isNumber()) {
      others.add(json.numberNode(-1));
      others.add(json.numberNode(new java.math.BigInteger("9".repeat(30))));
    }
    return others;
  }

  /** Where two documents differ; what is beside failures may say the same as they do. */
  private static Optional<String> firstDifference(JsonNode was, JsonNode is, String at) {
    if (!was.isObject() || !is.isObject()) {
      return was.equals(is) ? Optional.empty() : Optional.of(at + ": " + was + " -> " + is);
    }
    Set<String> names = new TreeSet<>();
    was.fieldNames().forEachRemaining(names::add);
    is.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (at.equals("/failure") && !was.has(name)) {
        continue; // a review of the first version kept less of an error
      }
      Optional<String> found = firstDifference(was.path(name), is.path(name), at + "/" + name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
