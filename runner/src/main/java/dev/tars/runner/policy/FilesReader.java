package dev.tars.runner.policy;

import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.Nearest;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code files} section: what written files may be. */
final class FilesReader {
  private final PolicyLayer layer;
  private final PolicyReader reader;

  FilesReader(PolicyLayer layer, PolicyReader reader) {
    this.layer = layer;
    this.reader = reader;
  }

  void read(YamlMap map) {
    layer.sections.put("files", map.position());
    if (map.has("allow")) {
      layer.decidesFiles = true;
      layer.sections.put("files", map.keyPosition("allow"));
    }
    for (YamlMap rule : map.maps("allow")) {
      layer.fileRules.add(rule(rule, Effect.ALLOW));
    }
    for (YamlMap rule : map.maps("deny")) {
      layer.fileRules.add(rule(rule, Effect.DENY));
    }
    layer.said.read(map, "files");
    map.optionalMap("unicode")
        .ifPresent(m -> {
          layer.said.read(m, "files.unicode");
          m.closed();
        });
    map.optionalMap("secretScan")
        .ifPresent(m -> {
          layer.said.read(m, "files.secretScan");
          m.closed();
        });
    map.closed();
  }

  private FileRule rule(YamlMap rule, Effect effect) {
    RuleMatch match = reader.match(rule, effect);
    Set<FileKind> kinds = EnumSet.noneOf(FileKind.class);
    for (String word : words(rule, "kinds", FileKind.words())) {
      FileKind.of(word).ifPresent(kinds::add);
    }
    List<String> extensions = extensions(rule);
    Set<String> modes = words(rule, "modes", FileFacts.MODES);
    Set<String> encodings = words(rule, "encodings", FileFacts.ENCODINGS);
    boolean says =
        List.of("kinds", "extensions", "modes", "encodings").stream().anyMatch(rule::has);
    if (!says) {
      rule.problems()
          .add(
              rule.position(),
              rule.path() + " says nothing of a file, so it can never apply",
              "add kinds, extensions, modes or encodings");
    }
    rule.closed();
    return new FileRule(match, kinds, extensions, modes, encodings);
  }

  private static List<String> extensions(YamlMap rule) {
    List<String> extensions = new ArrayList<>();
    for (YamlMap.Placed text : rule.placedStrings("extensions")) {
      if (text.text().startsWith(".") || !text.text().matches("[^/*\\[\\]{}\\\\\\x00]*")) {
        rule.problems()
            .add(
                text.at(),
                "'" + Escape.line(text.text()) + "' is no extension",
                "write it without the first dot and without stars: java, d.ts");
      }
      if (extensions.contains(text.text())) {
        rule.problems().add(text.at(), "it is in the list twice", "take one out");
      }
      extensions.add(text.text());
    }
    empty(rule, "extensions", extensions.isEmpty());
    return extensions;
  }

  private static Set<String> words(YamlMap rule, String key, List<String> known) {
    Set<String> words = new LinkedHashSet<>();
    for (YamlMap.Placed word : rule.placedStrings(key)) {
      if (!known.contains(word.text())) {
        Optional<String> near = Nearest.of(word.text(), known);
        rule.problems()
            .add(
                word.at(),
                "unknown word '" + Escape.line(word.text()) + "' in " + key,
                near.map(n -> "did you mean '" + n + "'?")
                    .orElse("use " + String.join(", ", known)));
      } else if (!words.add(word.text())) {
        rule.problems().add(word.at(), "it is in the list twice", "take one out");
      }
    }
    empty(rule, key, words.isEmpty());
    return words;
  }

  private static void empty(YamlMap rule, String key, boolean empty) {
    if (rule.has(key) && empty) {
      rule.problem(key, rule.path() + "." + key + " is empty", "fill it, or take it out");
    }
  }
}
