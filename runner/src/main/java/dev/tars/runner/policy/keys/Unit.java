package dev.tars.runner.policy.keys;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.yaml.Durations;
import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a number counts, and how a policy writes it. */
public enum Unit {
  BYTES("size"),
  MILLISECONDS("time"),
  THOUSANDTHS("cpus"),
  ITEMS("count");

  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};

  private final String word;

  Unit(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  static Unit of(String word) {
    for (Unit unit : values()) {
      if (unit.word.equals(word)) {
        return unit;
      }
    }
    throw new IllegalStateException("no unit: " + word);
  }

  OptionalLong parse(String text) {
    return switch (this) {
      case BYTES -> OptionalLong.of(ByteCount.parse(text).bytes());
      case MILLISECONDS -> OptionalLong.of(Durations.parse(text).orElseThrow().toMillis());
      case THOUSANDTHS -> OptionalLong.of(Long.parseLong(text) * 1000);
      case ITEMS -> OptionalLong.of(Long.parseLong(text));
    };
  }

  /** Exactly, in the largest unit that is whole. */
  public String show(long value) {
    return switch (this) {
      case BYTES -> size(value);
      case MILLISECONDS -> Durations.show(Duration.ofMillis(value));
      case THOUSANDTHS -> String.valueOf(value / 1000);
      case ITEMS -> String.valueOf(value);
    };
  }

  private static String size(long bytes) {
    int unit = 0;
    long value = bytes;
    while (value > 0 && value % 1024 == 0 && unit < SIZES.length - 1) {
      value /= 1024;
      unit++;
    }
    return value + SIZES[unit];
  }

  /** Reads a value above zero and at most {@code most}; what is none becomes a problem. */
  Optional<Long> read(YamlMap map, String key, long most) {
    return switch (this) {
      case BYTES ->
          map.optionalBytes(key)
              .map(ByteCount::bytes)
              .filter(v -> {
                boolean good = v > 0 && v <= most;
                if (!good) {
                  map.problem(
                      key,
                      key + " must be above 0B and at most " + new ByteCount(most),
                      "choose another size");
                }
                return good;
              });
      case MILLISECONDS ->
          map.optionalDuration(key, Duration.ofMillis(most)).map(Duration::toMillis);
      case THOUSANDTHS -> count(map, key, most / 1000).map(v -> v * 1000);
      case ITEMS -> count(map, key, most);
    };
  }

  private static Optional<Long> count(YamlMap map, String key, long most) {
    return map.optionalInt(key, 1, (int) Math.min(Integer.MAX_VALUE, most)).map(v -> (long) v);
  }
}
