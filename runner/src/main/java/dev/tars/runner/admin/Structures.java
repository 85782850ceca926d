package dev.tars.runner.admin;

import dev.tars.runner.admin.Part.Direction;
import dev.tars.runner.admin.Settings.Item;
import dev.tars.runner.admin.Settings.Setting;
import dev.tars.runner.expression.Condition;
import dev.tars.runner.policy.ApprovalRules;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.keys.Key;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of a policy that are lists and maps, as things that two policies can be compared in.
 */
final class Structures {
  private final EffectivePolicy policy;

  Structures(EffectivePolicy policy) {
    this.policy = policy;
  }

  /** Empty for what is decided request by request, and for what is for people. */
  Optional<Setting> of(Key key) {
    return Optional.ofNullable(structure(key.name()));
  }

  private @Nullable Setting structure(String name) {
    return switch (name) {
      case "approval.auto" -> auto(name);
      case "approval.rules" -> Settings.setting(name, approvalRules());
      case "approval.overrides" -> Settings.setting(name, overrides());
      case "validation.gates" -> GateSettings.of(policy.gates());
      case "agents" -> names(name, policy.approval().agents(), Direction.MORE_IS_NARROWER);
      case "testIntegrity.paths" ->
          narrows(name, policy.testIntegrity().paths(), glob -> glob.text());
      case "testIntegrity.forbidNew" ->
          narrows(name, policy.testIntegrity().forbidNew(), text -> text);
      case "testIntegrity.lockedConfiguration" ->
          narrows(name, policy.testIntegrity().locked(), place -> place.text());
      case "promotion.afterCheck" -> narrows(name, policy.promotion().afterCheck(), id -> id);
      case "runtime.runtime" ->
          words(name, policy.resources().walls().runtime().orElse("the engine's default"));
      case "runtime.images" -> words(name, policy.image());
      case "caches" -> caches(name);
      case "environment.set" ->
          items(name, policy.environmentSet(), Direction.UNCLEAR, value -> value, "");
      case "teams" -> teams(name);
      case "notifications" ->
          items(name, policy.channels(), Direction.MORE_IS_WIDER, c -> c.file(), ".file");
      case "handlers" ->
          items(name, policy.handlers(), Direction.MORE_IS_WIDER, h -> h.argv().toString(), "");
      // Less of what is told and kept may hide something, and more may give something away.
      case "audit.redact" ->
          names(
              name,
              texts(policy.audit().redact(), pattern -> pattern.pattern()),
              Direction.UNCLEAR);
      case "evidence.reports" ->
          names(name, policy.evidence().reports(), Direction.MORE_IS_NARROWER);
      case "evidence.attestation" -> attestation(name);
      case "trust.keys" ->
          items(
              name,
              policy.trust().keys(),
              Direction.MORE_IS_WIDER,
              key -> Base64.getEncoder().encodeToString(key.toArray()),
              "");
      default -> null;
    };
  }

  private static Setting words(String name, String text) {
    return Settings.one(name, new Part.Words(text));
  }

  private static Setting names(String name, Set<String> names, Direction direction) {
    return Settings.names(name, names, direction);
  }

  private static <T> Setting narrows(String name, List<T> all, Function<T, String> text) {
    return names(name, texts(all, text), Direction.MORE_IS_NARROWER);
  }

  private static <T> Set<String> texts(List<T> all, Function<T, String> text) {
    Set<String> texts = new HashSet<>();
    all.forEach(one -> texts.add(text.apply(one)));
    return texts;
  }

  private static <T> Setting items(
      String name, Map<String, T> all, Direction presence, Function<T, String> text, String part) {
    Map<String, Item> items = new TreeMap<>();
    all.forEach((key, value) -> {
      String shown = text.apply(value);
      items.put("." + key, new Item(presence, shown, Map.of(part, new Part.Words(shown))));
    });
    return Settings.setting(name, items);
  }

  private Setting attestation(String name) {
    boolean signed = policy.evidence().attestation();
    String shown = signed ? "in-toto by key" : "none";
    return Settings.one(name, new Part.Level(signed ? 1 : 0, Direction.MORE_IS_NARROWER, shown));
  }

  private Map<String, Item> approvalRules() {
    Map<String, Item> rules = new TreeMap<>();
    for (ApprovalRules.Rule rule : policy.approval().rules()) {
      Map<String, Part> parts = new LinkedHashMap<>();
      parts.put(".when", when(rule.when()));
      parts.put(
          ".require.count",
          new Part.Level(rule.count(), Direction.MORE_IS_NARROWER, Integer.toString(rule.count())));
      parts.put(
          ".require.from",
          new Part.Names(rule.from(), rule.from().isEmpty(), Direction.MORE_IS_WIDER));
      rules.put(
          "[" + rule.id() + "]",
          new Item(
              Direction.MORE_IS_NARROWER,
              rule.count()
                  + (rule.from().isEmpty() ? "" : " of " + new TreeSet<>(rule.from()))
                  + rule.when().map(c -> " when " + c.text().strip()).orElse(""),
              parts));
    }
    return rules;
  }

  private Map<String, Item> overrides() {
    Map<String, Item> overrides = new TreeMap<>();
    for (ApprovalRules.GateOverride override : policy.approval().overrides()) {
      boolean required = override.reasonRequired();
      overrides.put(
          "[" + override.gate() + "]",
          new Item(
              Direction.MORE_IS_WIDER,
              "by " + new TreeSet<>(override.by()) + (required ? " with a reason" : ""),
              Map.of(
                  ".by",
                  new Part.Names(override.by(), Direction.MORE_IS_WIDER),
                  ".reason",
                  new Part.Level(
                      required ? 1 : 0,
                      Direction.MORE_IS_NARROWER,
                      required ? "required" : "optional"))));
    }
    return overrides;
  }

  /** A rule without a condition always applies. */
  private static Part when(Optional<Condition> condition) {
    String text = condition.map(c -> c.text().strip()).orElse("true");
    int rank = text.equals("true") ? 2 : text.equals("false") ? 0 : 1;
    return new Part.When(rank, text, Direction.MORE_IS_NARROWER);
  }

  /** Never is narrower than a condition, a condition than always; two conditions are just other. */
  private Setting auto(String name) {
    List<String> conditions = policy.approval().auto().stream().map(c -> c.text().strip()).toList();
    List<String> real = conditions.stream().filter(c -> !c.equals("true")).toList();
    boolean never = conditions.isEmpty() || real.contains("false");
    String text = never ? "false" : real.isEmpty() ? "true" : String.join(" && ", real);
    int rank = never ? 0 : real.isEmpty() ? 2 : 1;
    return Settings.one(name, new Part.When(rank, text, Direction.MORE_IS_WIDER));
  }

  private Setting caches(String name) {
    Map<String, Item> caches = new TreeMap<>();
    policy
        .caches()
        .forEach(c ->
            caches.put(
                "[" + c.id() + "]",
                new Item(
                    Direction.MORE_IS_WIDER,
                    c.target(),
                    Map.of(
                        ".name",
                        new Part.Words(c.name()),
                        ".target",
                        new Part.Words(c.target())))));
    List<String> shown =
        policy.caches().stream().map(c -> c.name() + ": " + c.target()).sorted().toList();
    return new Setting(name, String.join("; ", shown), caches);
  }

  private Setting teams(String key) {
    Map<String, Item> teams = new TreeMap<>();
    policy
        .teams()
        .forEach((name, members) -> {
          Part people = new Part.Names(members, Direction.MORE_IS_WIDER);
          // A team that no rule names lets nobody do anything; who a rule names is compared there.
          teams.put("." + name, new Item(Direction.NOTHING, people.shown(), Map.of("", people)));
        });
    return Settings.setting(key, teams);
  }
}
