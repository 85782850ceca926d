package dev.tars.runner.yaml;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One map of a file. Each value is asked for by name and type; what is wrong goes to the problems
 * and a harmless value comes back, so that reading goes on. {@link #closed()} at the end reports
 * every key that nobody asked for.
 */
public final class YamlMap {
  private static final List<String> NAMING = List.of("id", "gate", "name", "ref");

  private final MappingNode node;
  private final String name;
  private final String path;
  private final Problems problems;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  YamlMap(MappingNode node, String name, String path, Problems problems) {
    this.node = node;
    this.name = name;
    this.path = path;
    this.problems = problems;
    for (NodeTuple tuple : node.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        entries.put(key.getValue(), tuple);
      }
    }
  }

  public SourcePosition position() {
    return YamlReader.position(node.getStartMark(), name);
  }

  /** Where a key's value stands; the map itself if there is no such key. */
  public SourcePosition position(String key) {
    NodeTuple tuple = entries.get(key);
    return tuple == null ? position() : at(tuple.getValueNode());
  }

  /**
   * Where a place inside a text stands: exactly for texts of one line and for blocks, else where
   * the text begins.
   *
   * @param line of the text, from 1
   * @param column from 1
   */
  public SourcePosition positionIn(String key, int line, int column) {
    SourcePosition start = position(key);
    NodeTuple tuple = entries.get(key);
    if (tuple == null || !(tuple.getValueNode() instanceof ScalarNode scalar)) {
      return start;
    }
    return switch (scalar.getScalarStyle()) {
      case PLAIN ->
          line == 1
              ? new SourcePosition(start.file(), start.line(), start.column() + column - 1)
              : start;
      case SINGLE_QUOTED, DOUBLE_QUOTED ->
          line == 1
              ? new SourcePosition(start.file(), start.line(), start.column() + column)
              : start;
      case LITERAL ->
          new SourcePosition(
              start.file(),
              start.line() + line,
              problems.indentation(start.file(), start.line() + line) + column);
      case FOLDED, JSON_SCALAR_STYLE -> start;
    };
  }

  /** Dotted path from the top of the file, for example {@code filesystem.write[0]}. */
  public String path() {
    return path;
  }

  public Problems problems() {
    return problems;
  }

  public boolean has(String key) {
    asked.add(key);
    return entries.containsKey(key);
  }

  /** All keys, each now counted as known: for maps whose keys are names. */
  public Set<String> names() {
    asked.addAll(entries.keySet());
    return new LinkedHashSet<>(entries.keySet());
  }

  public void problem(String key, String what, String fix) {
    NodeTuple tuple = entries.get(key);
    problems.add(tuple == null ? position() : at(tuple.getValueNode()), what, fix);
  }

  // ---- scalars

  /** A required text; quoted or plain, but not something that YAML reads as another type. */
  public String string(String key) {
    return optionalString(key).orElseGet(() -> missing(key, "a text", ""));
  }

  public Optional<String> optionalString(String key) {
    return scalar(key).flatMap(s -> text(key, s));
  }

  /** A text and where it stands. */
  public Optional<Placed> placedString(String key) {
    return optionalString(key).map(text -> new Placed(text, position(key)));
  }

  /** Where a key itself stands; the map if there is no such key. */
  public SourcePosition keyPosition(String key) {
    NodeTuple tuple = entries.get(key);
    return tuple == null ? position() : at(tuple.getKeyNode());
  }

  private Optional<String> text(String key, ScalarNode scalar) {
    if (!scalar.getTag().equals(Tag.STR)) {
      wrong(scalar, key, "a text", "put it in quotes");
      return Optional.empty();
    }
    return Optional.of(scalar.getValue());
  }

  public Optional<Boolean> optionalBool(String key) {
    return scalar(key)
        .flatMap(scalar -> {
          if (!scalar.isPlain() || !scalar.getValue().matches("true|false")) {
            wrong(scalar, key, "true or false", "write true or false, nothing else");
            return Optional.empty();
          }
          return Optional.of(Boolean.valueOf(scalar.getValue()));
        });
  }

  public Optional<Integer> optionalInt(String key, int min, int max) {
    return scalar(key)
        .flatMap(scalar -> {
          String text = scalar.getValue();
          boolean decimal = scalar.isPlain() && text.matches("0|-?[1-9][0-9]{0,9}");
          long value = decimal ? Long.parseLong(text) : Long.MIN_VALUE;
          if (!decimal || value < min || value > max) {
            wrong(scalar, key, "a whole number from " + min + " to " + max, fix(scalar, min, max));
            return Optional.empty();
          }
          return Optional.of((int) value);
        });
  }

  /** What is a number already needs no digits, but another value. */
  private static String fix(Node node, int min, int max) {
    boolean number =
        node instanceof ScalarNode scalar
            && scalar.isPlain()
            && scalar.getValue().matches("0|-?[1-9][0-9]*");
    if (!number) {
      return "write it in decimal digits";
    }
    return ((ScalarNode) node).getValue().startsWith("-") || isBelow(node, min)
        ? "the smallest value is " + min
        : "the largest value is " + max;
  }

  private static boolean isBelow(Node node, int min) {
    String text = ((ScalarNode) node).getValue();
    return text.length() <= 10 && Long.parseLong(text) < min;
  }

  /**
   * A duration such as {@code 500ms}, {@code 90s}, {@code 5m}, {@code 2h}, {@code 30d}; above zero.
   */
  public Optional<Duration> optionalDuration(String key, Duration max) {
    return scalar(key)
        .flatMap(scalar -> {
          Optional<Duration> value = Durations.parse(scalar.getValue());
          if (value.isEmpty() || value.get().isZero() || value.get().compareTo(max) > 0) {
            wrong(
                scalar,
                key,
                "a time of at most " + Durations.show(max),
                "write for example 90s, 5m or 2h");
            return Optional.empty();
          }
          return value;
        });
  }

  /** A size such as {@code 64KiB} or {@code 2GiB}. */
  public Optional<ByteCount> optionalBytes(String key) {
    return scalar(key)
        .flatMap(scalar -> {
          try {
            return Optional.of(ByteCount.parse(scalar.getValue()));
          } catch (IllegalArgumentException e) {
            wrong(scalar, key, "a size", "write for example 64KiB, 2GiB or 0B");
            return Optional.empty();
          }
        });
  }

  /** One of some words. */
  public Optional<String> optionalWord(String key, List<String> words) {
    return optionalString(key)
        .filter(value -> {
          if (!words.contains(value)) {
            problem(
                key,
                path(key) + " is '" + Escape.line(value) + "'",
                "use one of: " + String.join(", ", words));
            return false;
          }
          return true;
        });
  }

  private Optional<ScalarNode> scalar(String key) {
    asked.add(key);
    NodeTuple tuple = entries.get(key);
    if (tuple == null) {
      return Optional.empty();
    }
    if (tuple.getValueNode() instanceof ScalarNode scalar) {
      if (scalar.getTag().equals(Tag.NULL)) {
        wrong(scalar, key, "a value", "write one, or take the key out");
        return Optional.empty();
      }
      return Optional.of(scalar);
    }
    wrong(tuple.getValueNode(), key, "one value, not a list or a map", "write one value");
    return Optional.empty();
  }

  // ---- maps and lists

  public Optional<YamlMap> optionalMap(String key) {
    asked.add(key);
    NodeTuple tuple = entries.get(key);
    if (tuple == null) {
      return Optional.empty();
    }
    if (tuple.getValueNode() instanceof MappingNode map) {
      return Optional.of(new YamlMap(map, name, path(key), problems));
    }
    wrong(tuple.getValueNode(), key, "a map", "write 'key: value' pairs below it");
    return Optional.empty();
  }

  /** A required map; an empty one if it is missing. */
  public YamlMap map(String key) {
    return optionalMap(key)
        .orElseGet(() -> {
          if (!entries.containsKey(key)) {
            missing(key, "a map", "");
          }
          return new YamlMap(
              new MappingNode(Tag.MAP, List.of(), node.getFlowStyle()), name, path(key), problems);
        });
  }

  /** A list of maps; empty if the key is not there. */
  public List<YamlMap> maps(String key) {
    List<YamlMap> maps = new ArrayList<>();
    List<Node> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof MappingNode map) {
        maps.add(new YamlMap(map, name, path(key) + "[" + i + "]", problems));
      } else {
        wrong(items.get(i), key + "[" + i + "]", "a map", "write 'key: value' pairs");
      }
    }
    return maps;
  }

  /** A list of texts; empty if the key is not there. */
  public List<String> strings(String key) {
    return placedStrings(key).stream().map(Placed::text).toList();
  }

  /** A list of texts with where each stands. */
  public List<Placed> placedStrings(String key) {
    List<Placed> texts = new ArrayList<>();
    List<Node> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
        texts.add(new Placed(scalar.getValue(), at(scalar)));
      } else {
        wrong(items.get(i), key + "[" + i + "]", "a text", "put it in quotes");
      }
    }
    return texts;
  }

  /** A list of whole numbers without doubles; empty if the key is not there. */
  public List<Integer> ints(String key, int min, int max) {
    List<Integer> numbers = new ArrayList<>();
    List<Node> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String text =
          items.get(i) instanceof ScalarNode scalar && scalar.isPlain() ? scalar.getValue() : "";
      boolean decimal = text.matches("0|-?[1-9][0-9]{0,8}");
      int value = decimal ? Integer.parseInt(text) : 0;
      if (!decimal || value < min || value > max) {
        wrong(
            items.get(i),
            key + "[" + i + "]",
            "a whole number from " + min + " to " + max,
            fix(items.get(i), min, max));
      } else if (numbers.contains(value)) {
        problems.add(at(items.get(i)), path(key) + " names it twice", "take one out");
      } else {
        numbers.add(value);
      }
    }
    return numbers;
  }

  /** A list whose items are texts or maps. */
  public List<Item> items(String key, boolean mapsToo) {
    List<Item> result = new ArrayList<>();
    List<Node> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String at = path(key) + "[" + i + "]";
      if (items.get(i) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
        result.add(
            new Item(Optional.of(new Placed(scalar.getValue(), at(scalar))), Optional.empty()));
      } else if (mapsToo && items.get(i) instanceof MappingNode map) {
        result.add(new Item(Optional.empty(), Optional.of(new YamlMap(map, name, at, problems))));
      } else {
        wrong(
            items.get(i),
            key + "[" + i + "]",
            mapsToo ? "a text or a map" : "a text",
            "put it in quotes");
      }
    }
    return result;
  }

  /** Exactly one of the two is there. */
  public record Item(Optional<Placed> text, Optional<YamlMap> map) {}

  /** A text and where it stands. */
  public record Placed(String text, SourcePosition at) {}

  private List<Node> items(String key) {
    asked.add(key);
    NodeTuple tuple = entries.get(key);
    if (tuple == null) {
      return List.of();
    }
    if (tuple.getValueNode() instanceof SequenceNode list) {
      return list.getValue();
    }
    wrong(tuple.getValueNode(), key, "a list", "write [a, b], or '- a' lines below it");
    return List.of();
  }

  /** A value of any type as it would be in JSON; for values that are handed on unread. */
  public String json(String key) {
    asked.add(key);
    NodeTuple tuple = entries.get(key);
    return tuple == null ? "null" : YamlJson.of(tuple.getValueNode());
  }

  /** This map as canonical JSON: what it says, without comments and layout. */
  public String json() {
    return YamlJson.of(node);
  }

  /** Every value: maps are gone into, an item of a list of maps is one value. */
  public List<YamlLeaf> leaves() {
    List<YamlLeaf> leaves = new ArrayList<>();
    leaves(node, path, false, leaves);
    return leaves;
  }

  /** Every value at any depth: items of lists of maps are gone into as well. */
  public List<YamlLeaf> deepLeaves() {
    List<YamlLeaf> leaves = new ArrayList<>();
    leaves(node, path, true, leaves);
    return leaves;
  }

  private void leaves(MappingNode map, String at, boolean deep, List<YamlLeaf> into) {
    for (NodeTuple tuple : map.getValue()) {
      String key = ((ScalarNode) tuple.getKeyNode()).getValue();
      String here = at.isEmpty() ? key : at + "." + key;
      switch (tuple.getValueNode()) {
        case MappingNode below -> leaves(below, here, deep, into);
        case SequenceNode list
            when list.getValue().stream()
                .anyMatch(item -> item instanceof MappingNode && !isOneOf(item)) -> {
          for (int i = 0; i < list.getValue().size(); i++) {
            Node item = list.getValue().get(i);
            String name = here + "[" + named(item, i) + "]";
            if (deep && item instanceof MappingNode below) {
              leaves(below, name, true, into);
            } else {
              into.add(new YamlLeaf(name, YamlJson.of(item), at(item)));
            }
          }
        }
        case ScalarNode scalar -> into.add(new YamlLeaf(here, scalar.getValue(), at(scalar)));
        case Node other -> into.add(new YamlLeaf(here, YamlJson.of(other), at(other)));
      }
    }
  }

  /** A choice of words among words: {@code {oneOf: [compile, test]}}. */
  private static boolean isOneOf(Node item) {
    return item instanceof MappingNode map
        && map.getValue().size() == 1
        && map.getValue().getFirst().getKeyNode() instanceof ScalarNode key
        && key.getValue().equals("oneOf");
  }

  /** By the first of the keys that tell items apart, else by its number. */
  private static String named(Node item, int index) {
    if (item instanceof MappingNode map) {
      for (String name : NAMING) {
        for (NodeTuple tuple : map.getValue()) {
          boolean naming =
              tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name);
          if (naming && tuple.getValueNode() instanceof ScalarNode value) {
            return value.getValue();
          }
        }
      }
    }
    return Integer.toString(index);
  }

  public boolean isMap(String key) {
    NodeTuple tuple = entries.get(key);
    return tuple != null && tuple.getValueNode() instanceof MappingNode;
  }

  /** True if the value is a text, quoted or plain. */
  public boolean isText(String key) {
    NodeTuple tuple = entries.get(key);
    return tuple != null
        && tuple.getValueNode() instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.STR);
  }

  // ---- the end

  /** Reports every key that nobody asked for. */
  public void closed() {
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      if (!asked.contains(entry.getKey())) {
        Optional<String> near =
            problems.isFull() ? Optional.empty() : Nearest.of(entry.getKey(), asked);
        problems.add(
            at(entry.getValue().getKeyNode()),
            "unknown key '"
                + Escape.line(entry.getKey())
                + "'"
                + (path.isEmpty() ? "" : " in " + path),
            near.map(n -> "did you mean '" + n + "'?")
                .orElseGet(() ->
                    asked.isEmpty()
                        ? "take it out"
                        : "known keys: " + String.join(", ", new java.util.TreeSet<>(asked))));
      }
    }
  }

  private String missing(String key, String type, String neutral) {
    if (!entries.containsKey(key)) {
      problems.add(position(), path(key) + " is missing", "add '" + key + "', which is " + type);
    }
    return neutral;
  }

  private void wrong(Node value, String key, String type, String fix) {
    String shown = value instanceof ScalarNode s ? ", not '" + Escape.line(s.getValue()) + "'" : "";
    problems.add(at(value), path(key) + " must be " + type + shown, fix);
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private SourcePosition at(Node value) {
    return YamlReader.position(value.getStartMark(), name);
  }
}
