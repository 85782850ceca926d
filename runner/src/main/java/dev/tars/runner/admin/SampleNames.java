package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.decisions.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Names of variables that tell patterns apart. */
final class SampleNames {
  private SampleNames() {}

  static Set<Request> of(List<JsonNode> documents) {
    Set<String> patterns = new LinkedHashSet<>();
    for (JsonNode document : documents) {
      for (String list : List.of("planMaySet", "deny")) {
        document.path("environment").path(list).forEach(p -> patterns.add(p.asText()));
      }
    }
    Set<String> names = new LinkedHashSet<>(List.of("ZQ"));
    for (String pattern : patterns) {
      names.add(pattern.replace("*", ""));
      names.add(pattern.replace("*", "ZQ"));
    }
    List<String> all = new ArrayList<>(patterns);
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        Witnesses.name(List.of(stars(all.get(i)), stars(all.get(j)))).ifPresent(names::add);
      }
    }
    Set<Request> requests = new LinkedHashSet<>();
    names.stream().filter(n -> !n.isEmpty()).forEach(n -> requests.add(new Request.Env(n)));
    return requests;
  }

  /** Only the star means something in these patterns. */
  private static List<GlobTokens.Token> stars(String pattern) {
    return pattern
        .codePoints()
        .mapToObj(c -> c == '*' ? (GlobTokens.Token) new GlobTokens.Star() : new GlobTokens.One(c))
        .toList();
  }
}
