package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.admin.Part.Direction;
import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.policy.Globs;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a rule is about, key by key: of two rules that differ in one key it can be said which is
 * about more without asking either.
 */
final class RuleCoverage {
  private static final int MOST_COMMANDS = 10_000;

  /** Keys of rules that say nothing to a run. */
  static final Set<String> FOR_PEOPLE = Set.of("id", "reason", "fix", "examples");

  /** Keys of rules that say what they are about. */
  static final Set<String> KEYS =
      Set.of(
          "paths",
          "except",
          "operations",
          "kinds",
          "extensions",
          "modes",
          "encodings",
          "argv",
          "any",
          "moreArgs",
          "hosts",
          "cidrs",
          "ports",
          "phases",
          "approval");

  private static final Set<String> ALL_WHERE_ABSENT =
      Set.of("operations", "ports", "phases", "kinds", "extensions", "modes", "encodings");

  /** Keys that say one thing together. */
  private static final Map<String, String> SAME_AS = Map.of("cidrs", "hosts", "any", "argv");

  private RuleCoverage() {}

  /** Of each key that the rule could have, what it makes the rule be about; more is about more. */
  static Map<String, Part> parts(RuleText rule) {
    Map<String, Part> parts = new LinkedHashMap<>();
    switch (rule.section().substring(0, rule.section().indexOf('.'))) {
      case "filesystem" -> {
        parts.put("paths", more(globs(rule, "paths")));
        parts.put(
            "except", new Part.Names(globs(rule, "except"), false, Direction.MORE_IS_NARROWER));
        parts.put("operations", operations(rule));
      }
      case "files" -> {
        for (String key : List.of("kinds", "extensions", "modes", "encodings")) {
          parts.put(key, list(rule, key));
        }
      }
      case "processes" -> {
        parts.put("argv", commands(rule));
        parts.put("any", commands(rule));
        parts.put("moreArgs", moreArgs(rule));
      }
      case "network" -> {
        for (String key : List.of("hosts", "cidrs", "ports", "phases")) {
          parts.put(key, list(rule, key));
        }
      }
      default -> throw new IllegalArgumentException("no rules on requests: " + rule.section());
    }
    parts.put("approval", new Part.Words(rule.node().path("approval").asText()));
    return parts;
  }

  /**
   * The rule in pieces, none of which is about more than one pattern: rules that are cut up in
   * another way are the same in pieces.
   */
  static Set<String> atoms(RuleText rule) {
    Map<String, Set<String>> choices = new LinkedHashMap<>();
    parts(rule)
        .forEach((key, part) ->
            choices
                .computeIfAbsent(
                    SAME_AS.getOrDefault(key, key), k -> new java.util.LinkedHashSet<>())
                .addAll(choices(key, part)));
    Set<String> atoms = new HashSet<>(Set.of(""));
    choices.forEach((key, values) -> {
      Set<String> longer = new HashSet<>();
      atoms.forEach(atom -> values.forEach(v -> longer.add(atom + "\n" + key + "=" + v)));
      atoms.clear();
      atoms.addAll(longer);
    });
    return atoms;
  }

  private static Set<String> choices(String key, Part part) {
    boolean apart = part instanceof Part.Names names && !names.all() && !key.equals("except");
    return apart ? ((Part.Names) part).names() : Set.of(part.shown());
  }

  private static Part.Names more(Set<String> names) {
    return new Part.Names(names, false, Direction.MORE_IS_WIDER);
  }

  private static Set<String> globs(RuleText rule, String key) {
    Set<String> all = new TreeSet<>();
    rule.texts(key).forEach(glob -> all.addAll(Globs.expand(glob)));
    return all;
  }

  private static Part operations(RuleText rule) {
    Set<String> operations = new TreeSet<>();
    for (String word : rule.texts("operations")) {
      operations.addAll(word.equals("rename") ? Set.of("create", "delete") : Set.of(word));
    }
    boolean all = operations.isEmpty() || operations.size() == 3;
    return new Part.Names(operations, all, Direction.MORE_IS_WIDER);
  }

  private static Part list(RuleText rule, String key) {
    Set<String> items = new TreeSet<>();
    rule.node().path(key).forEach(item -> items.add(item.asText()));
    boolean all = !rule.node().has(key) && ALL_WHERE_ABSENT.contains(key);
    return new Part.Names(items, all, Direction.MORE_IS_WIDER);
  }

  private static Part commands(RuleText rule) {
    Set<String> commands = new TreeSet<>(Set.of(""));
    for (JsonNode word : rule.node().path("argv")) {
      Set<String> longer = new TreeSet<>();
      for (String before : commands) {
        if (word.isTextual()) {
          longer.add(before + " " + word);
        }
        word.path("oneOf").forEach(choice -> longer.add(before + " " + choice));
      }
      if (longer.size() > MOST_COMMANDS) {
        return new Part.Words(rule.node().path("argv").toString());
      }
      commands = longer;
    }
    return new Part.Names(commands, rule.node().path("any").asBoolean(), Direction.MORE_IS_WIDER);
  }

  /** Where a rule allows, no argument may follow without it; where it denies, any may. */
  private static Part moreArgs(RuleText rule) {
    boolean allows = rule.section().endsWith(".allow");
    String text = rule.node().path("moreArgs").asText();
    int absent = allows ? 0 : 2;
    return new Part.When(text.isEmpty() ? absent : 1, text, Direction.MORE_IS_WIDER);
  }
}
