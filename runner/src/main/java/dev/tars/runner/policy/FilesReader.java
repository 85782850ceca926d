package dev.tars.runner.policy;

import dev.tars.runner.yaml.YamlMap;
import java.util.List;

/** The {@code files} section: what written files may be. */
final class FilesReader {
  private static final List<String> EFFECTS = List.of("deny", "ask", "allow");

  private FilesReader() {}

  static void read(YamlMap map, PolicyLayer layer) {
    map.optionalWord("contentMismatch", EFFECTS)
        .ifPresent(w -> layer.effects.put("contentMismatch", FilesystemReader.effect(w)));
    map.optionalMap("unicode")
        .ifPresent(m -> {
          m.optionalWord("bidiControls", EFFECTS)
              .ifPresent(w -> layer.effects.put("bidi", FilesystemReader.effect(w)));
          m.optionalWord("invisible", EFFECTS)
              .ifPresent(w -> layer.effects.put("invisible", FilesystemReader.effect(w)));
          m.closed();
        });
    map.optionalMap("secretScan")
        .ifPresent(m -> {
          m.optionalWord("effect", EFFECTS)
              .ifPresent(w -> layer.effects.put("secrets", FilesystemReader.effect(w)));
          m.closed();
        });
    for (String key : List.of("allow", "deny")) {
      if (map.has(key)) {
        map.problem(
            key, "files." + key + " cannot be enforced yet, so it is refused", "take it out");
      }
    }
    map.closed();
  }
}
