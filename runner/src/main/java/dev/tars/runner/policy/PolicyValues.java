package dev.tars.runner.policy;

import dev.tars.runner.policy.keys.Key;
import dev.tars.runner.policy.keys.KeyType;
import dev.tars.runner.policy.keys.Keys;
import dev.tars.runner.policy.keys.Range;
import dev.tars.runner.yaml.Durations;
import dev.tars.runner.yaml.YamlLeaf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every value of an effective policy with where it comes from. */
final class PolicyValues {
  private final List<PolicyLayer> layers;

  /** What holds, for values of which there is one: whatever layers say, this is what counts. */
  private final Map<String, String> single = new LinkedHashMap<>();

  PolicyValues(EffectivePolicy policy, List<PolicyLayer> layers) {
    this.layers = layers;
    policy.numbers().forEach((name, value) -> single.put(name, shown(name, value)));
    singles(policy);
  }

  private void singles(EffectivePolicy policy) {
    for (Key key : Keys.all()) {
      if (key.isSingle()) {
        policy.value(key).ifPresent(value -> single.put(key.name(), key.type().show(value)));
      } else if (key.isFixed() && !key.standard().equals("[]") && !key.standard().equals("-")) {
        single.put(key.name(), key.standard());
      }
    }
    policy.ruleSeverities().forEach((rule, s) -> single.put("validation.rules." + rule, s.word()));
    single.put(
        "runtime.runtime",
        policy.resources().walls().runtime().orElse(Keys.get("runtime.runtime").standard()));
  }

  /** A number with its maximum, in the unit that its name has in a policy file. */
  private static String shown(String name, Range value) {
    KeyType type = Keys.get(name).type();
    String chosen = type.show(value.standard());
    return value.standard() == value.max()
        ? chosen
        : chosen + " (at most " + type.show(value.max()) + ")";
  }

  List<PolicyValue> all() {
    Map<String, List<Said>> said = new LinkedHashMap<>();
    single.keySet().forEach(name -> said.put(name, new ArrayList<>()));
    for (PolicyLayer layer : layers) {
      for (YamlLeaf leaf : layer.leaves) {
        said.computeIfAbsent(name(leaf), key -> new ArrayList<>()).add(new Said(layer, leaf));
      }
    }
    List<PolicyValue> values = new ArrayList<>();
    said.forEach((name, all) -> values.add(value(name, all)));
    values.sort(java.util.Comparator.comparing(PolicyValue::name));
    return List.copyOf(values);
  }

  /** What one file of a layer says. */
  private record Said(PolicyLayer layer, YamlLeaf leaf) {}

  /** A number is one value, however it is written. */
  private String name(YamlLeaf leaf) {
    String above = leaf.name().replaceAll("\\.(default|max)$", "");
    return single.containsKey(above) ? above : leaf.name();
  }

  private PolicyValue value(String name, List<Said> said) {
    String held = single.get(name);
    List<PolicyValue.Origin> origins = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      Said one = said.get(i);
      boolean replaced = held != null && isReplaced(said, i);
      boolean decides = held == null || (!replaced && agrees(name, held, said, i));
      origins.add(
          new PolicyValue.Origin(one.layer().name, one.leaf().at(), one.leaf().text(), decides));
    }
    String value =
        held != null
            ? held
            : said.stream()
                .map(s -> s.leaf().text())
                .distinct()
                .collect(java.util.stream.Collectors.joining(" and "));
    return new PolicyValue(name, value, origins, Keys.enforcedBy(name).orElse("nothing"));
  }

  /** A later file of the same layer says the same key. */
  private static boolean isReplaced(List<Said> said, int index) {
    Said one = said.get(index);
    return said.subList(index + 1, said.size()).stream()
        .anyMatch(
            later -> later.layer() == one.layer() && later.leaf().name().equals(one.leaf().name()));
  }

  /** Of a number the innermost layer decides; of a word each layer that says what holds. */
  private boolean agrees(String name, String held, List<Said> said, int index) {
    Said one = said.get(index);
    if (Keys.find(name).filter(k -> k.type() instanceof KeyType.Bounded).isPresent()) {
      return one.layer() == said.getLast().layer();
    }
    String text = one.leaf().text();
    return text.equals(held)
        || Durations.parse(text).map(Durations::show).equals(Optional.of(held));
  }
}
