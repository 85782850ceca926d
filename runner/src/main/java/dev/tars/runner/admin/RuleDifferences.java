package dev.tars.runner.admin;

import dev.tars.runner.admin.Part.Direction;
import dev.tars.runner.admin.RuleTexts.RuleText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The rules on requests that differ, key by key. Where a key makes a rule be about more, or less,
 * it is known which way that goes; else the requests that flip say it, and where none does, nobody
 * can say it.
 */
final class RuleDifferences {
  private static final Map<String, Direction> MORE =
      Map.ofEntries(
          Map.entry("filesystem.read", Direction.MORE_IS_WIDER),
          Map.entry("filesystem.hide", Direction.MORE_IS_NARROWER),
          Map.entry("filesystem.write", Direction.MORE_IS_WIDER),
          // What is asked for could have been allowed before, or denied.
          Map.entry("filesystem.ask", Direction.UNCLEAR),
          Map.entry("filesystem.protect", Direction.MORE_IS_NARROWER),
          // What is scratch is not looked at, and what no longer is can be promoted.
          Map.entry("filesystem.scratch", Direction.UNCLEAR),
          Map.entry("files.allow", Direction.MORE_IS_WIDER),
          Map.entry("files.deny", Direction.MORE_IS_NARROWER),
          Map.entry("processes.allow", Direction.MORE_IS_WIDER),
          Map.entry("processes.ask", Direction.UNCLEAR),
          Map.entry("processes.deny", Direction.MORE_IS_NARROWER),
          Map.entry("network.allow", Direction.MORE_IS_WIDER),
          Map.entry("network.deny", Direction.MORE_IS_NARROWER));

  /** Lists that allow everything where no file has them. */
  private static final Set<String> LIMITING = Set.of("filesystem.read", "files.allow");

  /** Sections that decide as soon as they are there, the keys that count, and what is asked. */
  private static final Map<String, List<String>> DECIDING =
      Map.of(
          "filesystem",
          List.of(
              "write",
              "filesystem.default",
              "filesystem.write",
              "filesystem.ask",
              "filesystem.protect"),
          "processes",
          List.of("run", "processes"),
          "network",
          List.of("connect", "network"),
          "environment",
          List.of("env", "environment"));

  private final PolicyTexts before;
  private final PolicyTexts after;
  private final Flips flips;
  private final Map<String, Set<String>> oldAtoms;
  private final Map<String, Set<String>> newAtoms;
  private final List<Difference> found = new ArrayList<>();

  RuleDifferences(PolicyTexts before, PolicyTexts after, Flips flips) {
    this.before = before;
    this.after = after;
    this.flips = flips;
    this.oldAtoms = atoms(before);
    this.newAtoms = atoms(after);
  }

  /** True for lists of rules that requests are decided by. */
  static boolean isAsked(String section) {
    return MORE.containsKey(section);
  }

  List<Difference> all() {
    DECIDING.forEach(this::section);
    Map<String, List<RuleText>> old = before.rules();
    Map<String, List<RuleText>> now = after.rules();
    Set<String> names = new LinkedHashSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      rule(name, old.getOrDefault(name, List.of()), now.getOrDefault(name, List.of()));
    }
    patterns("planMaySet", Direction.MORE_IS_WIDER);
    patterns("deny", Direction.MORE_IS_NARROWER);
    return List.copyOf(found);
  }

  private static Map<String, Set<String>> atoms(PolicyTexts texts) {
    Map<String, Set<String>> atoms = new LinkedHashMap<>();
    texts
        .rules()
        .values()
        .forEach(rules ->
            rules.forEach(rule ->
                atoms
                    .computeIfAbsent(rule.section(), s -> new HashSet<>())
                    .addAll(RuleCoverage.atoms(rule))));
    return atoms;
  }

  /** A layer without a section abstains: what other layers allow is then allowed. */
  private void section(String name, List<String> kindAndKeys) {
    List<String> keys = kindAndKeys.subList(1, kindAndKeys.size());
    boolean was = keys.stream().anyMatch(before::has);
    boolean is = keys.stream().anyMatch(after::has);
    if (was != is && !flips.any(kindAndKeys.getFirst())) {
      String decides = "what no rule allows is denied";
      String abstains = "other layers decide alone";
      add(
          was ? Way.WIDER : Way.NARROWER,
          name,
          was ? decides : abstains,
          is ? decides : abstains,
          "");
    }
  }

  private void rule(String name, List<RuleText> old, List<RuleText> now) {
    RuleText some = old.isEmpty() ? now.getFirst() : old.getFirst();
    Set<String> lost = missing(old, newAtoms);
    Set<String> gained = missing(now, oldAtoms);
    Direction more = direction(some.section());
    if (lost.isEmpty() && gained.isEmpty()) {
      if (old.isEmpty() || now.isEmpty()) {
        add(Way.EQUAL, name, shown(old), shown(now), "");
      }
      return;
    }
    if (old.size() == 1 && now.size() == 1) {
      keys(name, old.getFirst(), now.getFirst(), more);
      return;
    }
    Way way = lost.isEmpty() ? more.more() : gained.isEmpty() ? more.less() : Way.CHANGED;
    decided(way, name, some.id(), shown(old), shown(now));
  }

  private Direction direction(String section) {
    boolean limits = LIMITING.contains(section) && before.has(section) != after.has(section);
    return limits ? Direction.MORE_IS_NARROWER : Objects.requireNonNull(MORE.get(section));
  }

  /** The pieces of rules that no rule of the same list has on the other side. */
  private static Set<String> missing(List<RuleText> rules, Map<String, Set<String>> there) {
    Set<String> atoms = new HashSet<>();
    for (RuleText rule : rules) {
      atoms.addAll(RuleCoverage.atoms(rule));
      atoms.removeAll(there.getOrDefault(rule.section(), Set.of()));
    }
    return atoms;
  }

  private void keys(String name, RuleText old, RuleText now, Direction more) {
    Map<String, Part> was = RuleCoverage.parts(old);
    RuleCoverage.parts(now)
        .forEach((key, is) -> {
          boolean said = old.node().has(key) || now.node().has(key);
          Way covered = Objects.requireNonNull(was.get(key)).to(is);
          if (!said || covered == Way.EQUAL) {
            return;
          }
          Way way =
              switch (covered) {
                case WIDER -> more.more();
                case NARROWER -> more.less();
                default -> Way.CHANGED;
              };
          String a = shown(old, key);
          String b = shown(now, key);
          boolean regular = key.equals("moreArgs") && covered == Way.CHANGED;
          if (regular) { // no list of arguments could tell two expressions apart
            add(way, name + "." + key, a, b, example(old.id()));
          } else {
            decided(way, name + "." + key, old.id(), a, b);
          }
        });
  }

  /** What cannot be ordered by itself is ordered by the requests that flip, if any does. */
  private void decided(Way way, String subject, String rule, String was, String is) {
    Optional<Flips.Flip> flip = flips.of(rule);
    Way known = way == Way.CHANGED ? flip.map(Flips.Flip::way).orElse(way) : way;
    add(known, subject, was, is, example(rule));
  }

  private String example(String rule) {
    return flips.of(rule).map(Flips.Flip::example).orElse("");
  }

  private void patterns(String list, Direction more) {
    String key = "environment." + list;
    Part.Names was = patterns(before, list, more);
    Part.Names is = patterns(after, list, more);
    Way way = was.to(is);
    if (way != Way.EQUAL) {
      decided(way == Way.BOTH ? Way.CHANGED : way, key, key, was.shown(), is.shown());
    }
  }

  private static Part.Names patterns(PolicyTexts texts, String list, Direction more) {
    Set<String> patterns = new LinkedHashSet<>();
    RuleTexts.documents(texts.policy())
        .forEach(d -> d.path("environment").path(list).forEach(p -> patterns.add(p.asText())));
    return new Part.Names(patterns, more);
  }

  private static String shown(List<RuleText> rules) {
    return rules.isEmpty()
        ? Difference.Side.NOTHING
        : String.join(
            " and ",
            rules.stream()
                .map(r -> {
                  var node = r.node().deepCopy();
                  node.remove(RuleCoverage.FOR_PEOPLE);
                  return node.toString();
                })
                .toList());
  }

  private static String shown(RuleText rule, String key) {
    List<String> texts = rule.texts(key);
    return !rule.node().has(key)
        ? Difference.Side.NOTHING
        : texts.isEmpty() ? rule.node().path(key).toString() : String.join(", ", texts);
  }

  private void add(Way way, String subject, String was, String is, String example) {
    found.add(
        new Difference(
            way,
            subject,
            new Difference.Side(was, before.at(subject)),
            new Difference.Side(is, after.at(subject)),
            example,
            1));
  }
}
