package dev.tars.runner.admin;

import dev.tars.runner.admin.Part.Direction;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.RuleSeverity;
import dev.tars.runner.policy.keys.Key;
import dev.tars.runner.policy.keys.KeyType;
import dev.tars.runner.policy.keys.Keys;
import dev.tars.runner.policy.keys.Range;
import dev.tars.runner.policy.keys.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The values of an effective policy that are no decisions, and which direction widens each. */
final class Settings {
  /** The part of a number that says what may be chosen at most. */
  static final String MAX = " max";

  private Settings() {}

  /**
   * One value.
   *
   * @param key as in a policy file
   * @param items what it consists of, by what follows the key: {@code [compile]}, {@code
   *     .team-log}, or nothing where it is one thing
   */
  record Setting(String key, String shown, Map<String, Item> items) {}

  /**
   * One thing.
   *
   * @param presence what it means that it is there
   * @param parts by what follows the item's name
   */
  record Item(Direction presence, String shown, Map<String, Part> parts) {
    Item {
      parts = Collections.unmodifiableMap(new TreeMap<>(parts));
    }
  }

  static Optional<String> shown(EffectivePolicy policy, String key) {
    return of(policy).stream().filter(s -> s.key().equals(key)).map(Setting::shown).findFirst();
  }

  /** In the order of the table of keys. */
  static List<Setting> of(EffectivePolicy policy) {
    Structures structures = new Structures(policy);
    List<Setting> all = new ArrayList<>();
    for (Key key : Keys.all()) {
      if (key.type() instanceof KeyType.Bounded) {
        all.add(bounded(key, policy.range(key)));
      } else if (key.isSingle()) {
        all.add(one(key.name(), single(key, policy.value(key))));
      } else {
        structures.of(key).ifPresent(all::add);
        if (key.name().equals("validation.rules")) {
          policy.ruleSeverities().forEach((rule, s) -> all.add(weight(key.name() + "." + rule, s)));
        }
      }
    }
    return List.copyOf(all);
  }

  private static Setting weight(String key, RuleSeverity severity) {
    return one(key, new Part.Level(severity.weight(), Direction.MORE_IS_NARROWER, severity.word()));
  }

  private static Part single(Key key, OptionalLong value) {
    String shown = value.isPresent() ? shown(key, value.getAsLong()) : key.standard();
    return switch (key.type().order()) {
      case UNCLEAR -> new Part.Words(shown);
      case MORE_IS_WIDER -> new Part.Level(value.orElseThrow(), Direction.MORE_IS_WIDER, shown);
      case MORE_IS_NARROWER ->
          new Part.Level(value.orElseThrow(), Direction.MORE_IS_NARROWER, shown);
    };
  }

  /** As tests of policies expect values: sizes for people, processors with their fraction. */
  private static String shown(Key key, long value) {
    return switch (key.type()) {
      case KeyType.Size size -> new ByteCount(value).toString();
      case KeyType.Bounded(Unit unit, long ceiling) when unit == Unit.BYTES ->
          new ByteCount(value).toString();
      case KeyType.Bounded(Unit unit, long ceiling) when unit == Unit.THOUSANDTHS ->
          Double.toString(value / 1000.0);
      default -> key.type().show(value);
    };
  }

  /** What holds, and the most that an inner layer or a plan may choose. */
  private static Setting bounded(Key key, Range range) {
    String most = range.max() == range.standard() ? "" : ", at most " + shown(key, range.max());
    String shown = shown(key, range.standard()) + most;
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("", new Part.Level(range.standard(), Direction.MORE_IS_WIDER, shown));
    parts.put(MAX, new Part.Level(range.max(), Direction.MORE_IS_WIDER, shown));
    return new Setting(key.name(), shown, Map.of("", new Item(Direction.UNCLEAR, shown, parts)));
  }

  static Setting one(String key, Part part) {
    return one(key, part, part.shown());
  }

  static Setting names(String key, Set<String> names, Direction direction) {
    return one(
        key, new Part.Names(names, direction), String.join("; ", new java.util.TreeSet<>(names)));
  }

  private static Setting one(String key, Part part, String shown) {
    return new Setting(
        key, shown, Map.of("", new Item(Direction.UNCLEAR, shown, Map.of("", part))));
  }

  static Setting setting(String key, Map<String, Item> items) {
    List<String> shown = new ArrayList<>();
    items.forEach((suffix, item) -> {
      String name = suffix.replaceFirst("^\\.", "").replaceFirst("^\\[(.*)]$", "$1");
      shown.add(item.shown().isEmpty() ? name : name + ": " + item.shown());
    });
    return new Setting(key, String.join("; ", shown), Collections.unmodifiableMap(items));
  }
}
