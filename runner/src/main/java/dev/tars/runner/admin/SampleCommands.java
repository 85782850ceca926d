package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.decisions.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Commands that tell rules on commands apart: each prefix, a word less, and more words. */
final class SampleCommands {
  private static final int MOST_CHOICES = 200;
  private static final List<String> MORE =
      List.of(
          "zq", "-z", "--zq", "-Dzq=1", "--zq=1", "zq/zq.txt", "-Dzq=1/2,3", "1", "..", "$(zq)");

  private SampleCommands() {}

  static Set<Request> of(List<RuleText> rules) {
    Set<List<String>> commands = new LinkedHashSet<>();
    commands.add(List.of("zq"));
    for (RuleText rule : rules) {
      if (!rule.section().startsWith("processes.")) {
        continue;
      }
      for (List<String> prefix : prefixes(rule.node().path("argv"))) {
        around(prefix, commands);
      }
      for (String list : List.of("match", "noMatch")) {
        rule.node()
            .path("examples")
            .path(list)
            .forEach(e -> commands.add(List.of(e.asText().trim().split(" +"))));
      }
    }
    Set<Request> requests = new LinkedHashSet<>();
    commands.stream().filter(c -> !c.isEmpty()).forEach(c -> requests.add(new Request.Run(c)));
    return requests;
  }

  private static void around(List<String> prefix, Set<List<String>> commands) {
    if (prefix.isEmpty()) {
      return;
    }
    commands.add(prefix);
    commands.add(prefix.subList(0, prefix.size() - 1));
    for (String more : MORE) {
      List<String> longer = new ArrayList<>(prefix);
      longer.add(more);
      commands.add(List.copyOf(longer));
      longer.set(prefix.size() - 1, more);
      commands.add(List.copyOf(longer.subList(0, prefix.size())));
    }
  }

  private static List<List<String>> prefixes(JsonNode argv) {
    List<List<String>> all = new ArrayList<>();
    all.add(List.of());
    for (JsonNode word : argv) {
      List<String> choices = new ArrayList<>();
      if (word.isTextual()) {
        choices.add(word.textValue());
      } else {
        word.path("oneOf").forEach(w -> choices.add(w.asText()));
      }
      List<List<String>> longer = new ArrayList<>();
      for (List<String> before : all) {
        for (String choice : choices) {
          if (longer.size() < MOST_CHOICES) {
            List<String> one = new ArrayList<>(before);
            one.add(choice);
            longer.add(one);
          }
        }
      }
      all = longer;
    }
    return all;
  }
}
