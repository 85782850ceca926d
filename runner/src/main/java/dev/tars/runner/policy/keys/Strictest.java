package dev.tars.runner.policy.keys;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The single values of all layers, combined: the strictest applies. A layer inside the workspace
 * cannot widen what applies without it, be that a layer's value or the default.
 */
public final class Strictest {
  private final List<Said> layers;

  /** The outermost layer first. */
  public Strictest(List<Said> layers) {
    this.layers = List.copyOf(layers);
  }

  /** What applies; empty only where the default is a sentence and no layer says anything. */
  public OptionalLong value(Key key) {
    return value(key, key.standardValue());
  }

  /** The same with a default that depends on something else. */
  public OptionalLong value(Key key, OptionalLong standard) {
    boolean opened = layers.stream().anyMatch(l -> l.trusted() && says(l, key));
    return strictest(key.type(), key.name(), opened ? OptionalLong.empty() : standard, layers);
  }

  private static boolean says(Said layer, Key key) {
    return layer.value(key.name()).isPresent();
  }

  private static OptionalLong strictest(
      KeyType type, String name, OptionalLong standard, List<Said> layers) {
    return Stream.concat(standard.stream().boxed(), layers.stream().flatMap(l -> boxed(l, name)))
        .mapToLong(Long::longValue)
        .reduce(type::narrower);
  }

  private static Stream<Long> boxed(Said layer, String name) {
    return layer.value(name).stream().boxed();
  }

  /** The word that applies. */
  public String word(String key) {
    Key row = Keys.get(key);
    return row.type().show(value(row).orElseThrow());
  }

  /** True if this is the word that applies. */
  public boolean is(String key, String word) {
    return word(key).equals(word);
  }
}
