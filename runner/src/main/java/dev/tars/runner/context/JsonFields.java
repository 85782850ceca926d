package dev.tars.runner.context;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Told;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads the fields of one object as strictly as they are written: what is missing or of another
 * type is never nothing, false or 0. Each error names the field from the top of the document.
 */
final class JsonFields {
  private static final String BRIEF = "brief";

  private final JsonNode node;
  private final String at;

  private JsonFields(JsonNode node, String at) {
    this.node = node;
    this.at = at;
  }

  static JsonFields of(JsonNode document) {
    if (!document.isObject()) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    return new JsonFields(document, "");
  }

  IllegalArgumentException wrong(String field, String why) {
    return new IllegalArgumentException("its " + at + field + " " + why);
  }

  private JsonNode get(String field, Predicate<JsonNode> is) {
    JsonNode value = node.path(field);
    if (!is.test(value)) {
      throw wrong(field, node.has(field) ? "is of another type" : "is missing");
    }
    return value;
  }

  boolean has(String field) {
    return node.has(field);
  }

  String text(String field) {
    return get(field, JsonNode::isTextual).asText();
  }

  /** A text that need not be there. */
  Optional<String> maybeText(String field) {
    return maybe(field, this::text);
  }

  /** What {@code read} makes of a field that need not be there. */
  <T> Optional<T> maybe(String field, Function<String, T> read) {
    return node.has(field) ? Optional.of(read.apply(field)) : Optional.empty();
  }

  boolean flag(String field) {
    return get(field, JsonNode::isBoolean).asBoolean();
  }

  /** A whole number that is not negative. */
  int count(String field) {
    int count = get(field, JsonNode::isInt).asInt();
    if (count < 0) {
      throw wrong(field, "is negative");
    }
    return count;
  }

  long number(String field) {
    long number = get(field, n -> n.isIntegralNumber() && n.canConvertToLong()).asLong();
    if (number < 0) {
      throw wrong(field, "is negative");
    }
    return number;
  }

  Digest digest(String field) {
    return parsed(field, Digest::parse, "is no digest");
  }

  Instant instant(String field) {
    return parsed(field, Instant::parse, "is no time");
  }

  <T> T parsed(String field, Function<String, T> parse, String otherwise) {
    String text = text(field);
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException("its " + at + field + " " + otherwise, e);
    }
  }

  /** One of the words that {@link State#word} makes of an enum. */
  <E extends Enum<E>> E word(String field, Class<E> type) {
    String text = text(field);
    return Arrays.stream(type.getEnumConstants())
        .filter(e -> State.word(e).equals(text))
        .findFirst()
        .orElseThrow(() -> wrong(field, "is none of ours"));
  }

  JsonFields object(String field) {
    return new JsonFields(get(field, JsonNode::isObject), at + field + ".");
  }

  <T> List<T> list(String field, Function<JsonFields, T> read) {
    List<T> all = new ArrayList<>();
    for (JsonNode one : get(field, JsonNode::isArray)) {
      String place = at + field + "[" + all.size() + "]";
      if (!one.isObject()) {
        throw new IllegalArgumentException("its " + place + " is of another type");
      }
      all.add(read.apply(new JsonFields(one, place + ".")));
    }
    return all;
  }

  List<String> texts(String field) {
    JsonNode list = get(field, JsonNode::isArray);
    if (!list.valueStream().allMatch(JsonNode::isTextual)) {
      throw wrong(field, "is no list of texts");
    }
    return list.valueStream().map(JsonNode::asText).toList();
  }

  /**
   * The fields that stand for those here where readers are told briefly; empty if there are none.
   */
  Optional<JsonFields> brief() {
    return maybe(BRIEF, this::object);
  }

  Told told(String field) {
    String full = text(field);
    return new Told(full, brief().flatMap(b -> b.maybeText(field)).orElse(full));
  }

  /** The same for a list of sentences. */
  List<Told> toldTexts(String field) {
    List<String> full = texts(field);
    Optional<List<String>> brief = brief().filter(b -> b.has(field)).map(b -> b.texts(field));
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < full.size(); i++) {
      String shorter = full.get(i);
      if (brief.isPresent()) {
        shorter = i < brief.get().size() ? brief.get().get(i) : "";
      }
      told.add(new Told(full.get(i), shorter));
    }
    return told;
  }

  /** The object itself, for a codec of another package. */
  JsonNode node() {
    return node;
  }
}
