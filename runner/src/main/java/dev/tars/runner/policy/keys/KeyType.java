package dev.tars.runner.policy.keys;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.yaml.Durations;
import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values that a key takes; each is one number, of which more is wider or narrower. */
public sealed interface KeyType {

  /** The values, for people. */
  String shown();

  /** Reads the value, if it is there; what is none becomes a problem. */
  default OptionalLong read(YamlMap map, String key) {
    return OptionalLong.empty();
  }

  /** The number of a text; empty if it has none. */
  default OptionalLong number(String text) {
    return OptionalLong.empty();
  }

  /** The text of a number. */
  default String show(long value) {
    return Long.toString(value);
  }

  /** What a larger number means. */
  default Order order() {
    return Order.UNCLEAR;
  }

  /** The narrower of two numbers; the smaller one where it is not said what a larger one means. */
  default long narrower(long a, long b) {
    return order() == Order.MORE_IS_NARROWER ? Math.max(a, b) : Math.min(a, b);
  }

  /** What a larger number means. */
  enum Order {
    MORE_IS_WIDER,
    MORE_IS_NARROWER,
    /** It is another value, and neither wider nor narrower. */
    UNCLEAR
  }

  /** A value that applies anyway. */
  record Fixed(String text) implements KeyType {
    @Override
    public String shown() {
      return "`" + text + "`";
    }

    @Override
    public OptionalLong read(YamlMap map, String key) {
      if (text.matches("[a-z-]+") && !text.equals("true")) {
        map.optionalWord(key, List.of(text));
      }
      return OptionalLong.empty(); // other texts have messages of their own where they are read
    }
  }

  /**
   * One of some words, {@code true} and {@code false} too; the number is the place, from narrow.
   *
   * @param written in the order in which people are told them
   */
  record Words(List<String> written, boolean narrowFirst, Order order) implements KeyType {
    @Override
    public String shown() {
      return "`"
          + String.join(
              order == Order.UNCLEAR ? "`, `" : "` < `", narrowFirst ? written : written.reversed())
          + "`";
    }

    @Override
    public OptionalLong read(YamlMap map, String key) {
      Optional<String> word =
          written.contains("true")
              ? map.optionalBool(key).map(String::valueOf)
              : map.optionalWord(key, written);
      return word.map(this::number).orElse(OptionalLong.empty());
    }

    @Override
    public OptionalLong number(String text) {
      int at = written.indexOf(text);
      return at < 0
          ? OptionalLong.empty()
          : OptionalLong.of(narrowFirst ? at : written.size() - 1 - at);
    }

    @Override
    public String show(long value) {
      return written.get((int) (narrowFirst ? value : written.size() - 1 - value));
    }
  }

  /** A number of things. */
  record Count(int min, int max, Order order) implements KeyType {
    @Override
    public String shown() {
      return min + " to " + max + (order == Order.MORE_IS_NARROWER ? ", more is narrower" : "");
    }

    @Override
    public OptionalLong read(YamlMap map, String key) {
      return map.optionalInt(key, min, max).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    @Override
    public OptionalLong number(String text) {
      return text.matches("[0-9]+") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
  }

  /** A time, in milliseconds. */
  record Time(Duration max, Order order) implements KeyType {
    @Override
    public String shown() {
      return "time up to " + Durations.show(max);
    }

    @Override
    public OptionalLong read(YamlMap map, String key) {
      return millis(map.optionalDuration(key, max));
    }

    @Override
    public OptionalLong number(String text) {
      return millis(Durations.parse(text));
    }

    private static OptionalLong millis(Optional<Duration> time) {
      return time.map(t -> OptionalLong.of(t.toMillis())).orElse(OptionalLong.empty());
    }

    @Override
    public String show(long value) {
      return Durations.show(Duration.ofMillis(value));
    }
  }

  /** A size, in bytes. */
  record Size(ByteCount min, Order order) implements KeyType {
    @Override
    public String shown() {
      return "size from " + Unit.BYTES.show(min.bytes());
    }

    @Override
    public OptionalLong read(YamlMap map, String key) {
      Optional<ByteCount> size = map.optionalBytes(key);
      size.filter(s -> s.compareTo(min) < 0)
          .ifPresent(s ->
              map.problem(
                  key, key + " is below " + Unit.BYTES.show(min.bytes()), "choose another size"));
      return size.map(s -> OptionalLong.of(s.bytes())).orElse(OptionalLong.empty());
    }

    @Override
    public OptionalLong number(String text) {
      return text.matches("[0-9]+[A-Za-z]+") ? Unit.BYTES.parse(text) : OptionalLong.empty();
    }

    @Override
    public String show(long value) {
      return Unit.BYTES.show(value);
    }
  }

  /** A number with a maximum of its own: {@code 2GiB}, or {@code { default: 1GiB, max: 4GiB }}. */
  record Bounded(Unit unit, long ceiling) implements KeyType {
    @Override
    public String shown() {
      return unit.word() + " up to " + unit.show(ceiling) + ", or `{ default, max }`";
    }

    @Override
    public OptionalLong number(String text) {
      return unit.parse(text);
    }

    @Override
    public String show(long value) {
      return unit.show(value);
    }

    @Override
    public Order order() {
      return Order.MORE_IS_WIDER;
    }
  }

  /** Rules, lists and maps, which have readers of their own. */
  record Structure(String shown) implements KeyType {}

  /** Reads the cell of the table. */
  static KeyType parse(String cell) {
    Order order =
        cell.endsWith(" unclear")
            ? Order.UNCLEAR
            : cell.endsWith(" more is narrower") ? Order.MORE_IS_NARROWER : Order.MORE_IS_WIDER;
    String text = cell.replaceFirst(",? (unclear|more is narrower)$", "");
    Matcher m = Pattern.compile("(= |time to |size from |bounded )?(.*)").matcher(text);
    if (!m.matches()) {
      throw new IllegalStateException(cell);
    }
    String rest = m.group(2);
    return switch (String.valueOf(m.group(1))) {
      case "= " -> new Fixed(rest);
      case "time to " -> new Time(Durations.parse(rest).orElseThrow(), order);
      case "size from " -> new Size(ByteCount.parse(rest), order);
      case "bounded " -> {
        Unit unit = Unit.of(rest.substring(0, rest.indexOf(' ')));
        yield new Bounded(unit, unit.parse(rest.replaceFirst(".* to ", "")).orElseThrow());
      }
      default -> words(rest, order);
    };
  }

  private static KeyType words(String text, Order order) {
    if (text.matches("[0-9]+\\.\\.[0-9]+")) {
      String[] ends = text.split("\\.\\.", 2);
      return new Count(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]), order);
    }
    boolean narrowFirst = text.contains(" < ");
    return narrowFirst || text.contains(" > ")
        ? new Words(List.of(text.split(" [<>] ")), narrowFirst, order)
        : new Structure(text);
  }
}
