package dev.tars.runner.policy.keys;

import dev.tars.runner.yaml.YamlMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The single values that the files of one layer say; a later file replaces an earlier one's. */
public final class Said {
  private final boolean trusted;
  private final Map<String, Long> values = new LinkedHashMap<>();
  private final Map<String, Range> ranges = new LinkedHashMap<>();

  /** Whether the layer lies outside the workspace. */
  public Said(boolean trusted) {
    this.trusted = trusted;
  }

  boolean trusted() {
    return trusted;
  }

  /** Reads every value of a section that the table can read; the rest is the caller's. */
  public void read(YamlMap map, String section) {
    for (Key key : Keys.in(section)) {
      switch (key.type()) {
        case KeyType.Bounded bounded -> range(map, key, bounded);
        default -> put(key.name(), key.type().read(map, key.last()));
      }
    }
  }

  private void put(String name, OptionalLong value) {
    value.ifPresent(v -> values.put(name, v));
  }

  private void range(YamlMap map, Key key, KeyType.Bounded bounded) {
    String last = key.last();
    if (!map.isMap(last)) {
      bounded
          .unit()
          .read(map, last, bounded.ceiling())
          .ifPresent(v -> ranges.put(key.name(), new Range(v, v, map.position(last))));
      return;
    }
    YamlMap pair = map.map(last);
    Optional<Long> max = bounded.unit().read(pair, "max", bounded.ceiling());
    Optional<Long> standard = bounded.unit().read(pair, "default", bounded.ceiling());
    pair.closed();
    if (max.isEmpty()) {
      pair.problems()
          .add(pair.position(), key.name() + " has no max", "write { default: …, max: … }");
      return;
    }
    if (standard.orElse(0L) > max.get()) {
      pair.problem("default", key.name() + ".default is above its max", "choose a smaller default");
    }
    ranges.put(key.name(), new Range(standard.orElse(max.get()), max.get(), pair.position()));
  }

  /** What the layer says of a key. */
  public OptionalLong value(String name) {
    Long value = values.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** What the layer says of a bounded number. */
  public Optional<Range> range(String name) {
    return Optional.ofNullable(ranges.get(name));
  }
}
