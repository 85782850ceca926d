package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds which of thousands of components match a name: one is looked at only where the name is its
 * literal, or has that text of it which the fewest others have; those without any text always.
 */
final class ComponentIndex {
  private final Map<Bytes, List<GlobComponent>> literals = new HashMap<>();
  private final List<GlobComponent> others = new ArrayList<>();
  private final ByteTree texts = new ByteTree();

  /** Of {@link #others}, those without a text. */
  private final BitSet textless = new BitSet();

  /** None of them is {@code **}. */
  ComponentIndex(Set<GlobComponent> components) {
    Map<Bytes, Integer> uses = new HashMap<>();
    for (GlobComponent component : components) {
      if (component.literal().isPresent()) {
        literals.put(component.literal().get(), List.of(component));
      } else {
        others.add(component);
        new LinkedHashSet<>(component.texts()).forEach(text -> uses.merge(text, 1, Integer::sum));
      }
    }
    Comparator<Bytes> rarest = Comparator.comparing(uses::get);
    Comparator<Bytes> choice = rarest.thenComparing(Bytes::length, Comparator.reverseOrder());
    for (int i = 0; i < others.size(); i++) {
      List<Bytes> all = others.get(i).texts();
      if (all.isEmpty()) {
        textless.set(i);
      } else {
        texts.add(all.stream().min(choice).orElseThrow(), i);
      }
    }
  }

  /** The components that match, each once. */
  List<GlobComponent> matching(Bytes name) {
    List<GlobComponent> found = literals.getOrDefault(name, List.of());
    BitSet candidates = texts.occurringIn(name);
    if (candidates.isEmpty() && textless.isEmpty()) {
      return found;
    }
    found = new ArrayList<>(found);
    addMatching(textless, name, found);
    addMatching(candidates, name, found);
    return found;
  }

  private void addMatching(BitSet candidates, Bytes name, List<GlobComponent> into) {
    for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
      if (others.get(i).matches(name)) {
        into.add(others.get(i));
      }
    }
  }
}
