package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code processes} section: commands that the runner starts. */
final class ProcessesReader {
  private final PolicyLayer layer;
  private final PolicyReader reader;

  ProcessesReader(PolicyLayer layer, PolicyReader reader) {
    this.layer = layer;
    this.reader = reader;
  }

  void read(YamlMap map) {
    layer.decidesCommands = true;
    layer.sections.put("processes", map.position());
    layer.said.read(map, "processes");
    rules(map, "allow", Effect.ALLOW);
    rules(map, "ask", Effect.ASK);
    rules(map, "deny", Effect.DENY);
    map.closed();
  }

  private void rules(YamlMap map, String key, Effect effect) {
    for (YamlMap rule : map.maps(key)) {
      layer.argvRules.add(rule(rule, effect));
    }
  }

  private ArgvRule rule(YamlMap rule, Effect effect) {
    RuleMatch match = reader.match(rule, effect);
    boolean any = rule.optionalBool("any").orElse(false);
    List<Set<String>> prefix = new ArrayList<>();
    for (YamlMap.Item item : rule.items("argv", true)) {
      item.text().ifPresent(t -> prefix.add(Set.of(t.text())));
      item.map().ifPresent(m -> prefix.add(oneOf(m)));
    }
    if (prefix.isEmpty() != any) {
      rule.problems()
          .add(
              rule.position(),
              rule.path() + " needs either argv or 'any: true'",
              "write argv: [program, ...]");
    }
    Optional<Pattern> moreArgs =
        rule.placedString("moreArgs").flatMap(text -> LinearPattern.compile(rule, text));
    if (any && rule.has("moreArgs")) {
      rule.problem("moreArgs", "'any: true' takes every argument already", "take moreArgs out");
    }
    String approval = effect == Effect.ASK ? reader.approval(rule) : "";
    ArgvRule result = new ArgvRule(match, any, prefix, moreArgs, approval);
    rule.optionalMap("examples").ifPresent(examples -> examples(examples, result));
    rule.closed();
    return result;
  }

  private static Set<String> oneOf(YamlMap map) {
    Set<String> words = new LinkedHashSet<>();
    for (YamlMap.Placed word : map.placedStrings("oneOf")) {
      if (!words.add(word.text())) {
        map.problems().add(word.at(), "'oneOf' names it twice", "take one out");
      }
    }
    if (words.isEmpty()) {
      map.problems()
          .add(map.position(), "'oneOf' is empty, so the rule can never apply", "name the words");
    }
    map.closed();
    return words;
  }

  private static void examples(YamlMap examples, ArgvRule rule) {
    for (YamlMap.Placed command : examples.placedStrings("match")) {
      check(examples, command, rule, true);
    }
    for (YamlMap.Placed command : examples.placedStrings("noMatch")) {
      check(examples, command, rule, false);
    }
    examples.closed();
  }

  private static void check(
      YamlMap examples, YamlMap.Placed command, ArgvRule rule, boolean wanted) {
    if (rule.matches(words(command.text())) != wanted) {
      examples
          .problems()
          .add(
              command.at(),
              "the example does " + (wanted ? "not match" : "match") + " the rule",
              "correct the rule or the example");
    }
  }

  /** Words as a reader takes them: split at spaces, single quotes keep a word together. */
  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean open = false;
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
        open = true;
      } else if (c == ' ' && !quoted) {
        if (open) {
          words.add(word.toString());
        }
        word.setLength(0);
        open = false;
      } else {
        word.append(c);
        open = true;
      }
    }
    if (open) {
      words.add(word.toString());
    }
    return words;
  }
}
