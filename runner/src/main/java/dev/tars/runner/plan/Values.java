package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.yaml.YamlMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Values that several parts of an improvement file hold. */
final class Values {
  private static final int MAX_PATH = 4096;
  private static final int MAX_COMPONENT = 255;

  private Values() {}

  static Optional<Digest> digest(YamlMap map, String key) {
    return map.optionalString(key)
        .flatMap(text -> {
          try {
            return Optional.of(Digest.parse(text));
          } catch (IllegalArgumentException e) {
            map.problem(key, key + " is not a SHA-256", "write 64 lower-case hex digits");
            return Optional.empty();
          }
        });
  }

  static Optional<Step.OnFailure> onFailure(YamlMap map) {
    return map.optionalWord("onFailure", List.of("stop", "continue", "rollback"))
        .map(word -> Step.OnFailure.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  /** A required path below the workspace. */
  static Optional<RelativePath> path(YamlMap map, String key) {
    String text = map.string(key);
    return text.isEmpty() && !map.has(key) ? Optional.empty() : path(map, key, text);
  }

  /** The {@code file} of a step, or {@code fileBase64} for a name that text cannot hold. */
  static Optional<RelativePath> file(YamlMap map) {
    if (!map.has("fileBase64")) {
      return path(map, "file");
    }
    if (map.has("file")) {
      map.problem("fileBase64", "file and fileBase64 both name the file", "write one of the two");
    }
    Optional<Bytes> name = bytes(map, "fileBase64");
    Optional<String> problem =
        name.flatMap(n ->
            n.length() > MAX_PATH
                ? Optional.of("is longer than " + MAX_PATH + " bytes")
                : RelativePath.problem(n));
    if (problem.isPresent()) {
      map.problem(
          "fileBase64",
          "the path " + Escape.quote(name.orElseThrow()) + " " + problem.get(),
          "name a path below the workspace, with '/' between names");
      return Optional.empty();
    }
    return name.map(RelativePath::of);
  }

  /** Bytes in base64. */
  static Optional<Bytes> bytes(YamlMap map, String key) {
    return map.optionalString(key)
        .flatMap(text -> {
          try {
            return Optional.of(Bytes.of(Base64.getDecoder().decode(text)));
          } catch (IllegalArgumentException e) {
            map.problem(key, key + " is not base64", "encode the bytes again");
            return Optional.empty();
          }
        });
  }

  static Optional<RelativePath> optionalPath(YamlMap map, String key) {
    return map.optionalString(key).flatMap(text -> path(map, key, text));
  }

  static List<RelativePath> paths(YamlMap map, String key) {
    List<RelativePath> paths = new ArrayList<>();
    for (String text : map.strings(key)) {
      path(map, key, text).ifPresent(paths::add);
    }
    return paths;
  }

  /** What a plan may name: what the kernel can, without what deceives a reader. */
  static Optional<RelativePath> path(YamlMap map, String key, String text) {
    Optional<String> problem = problem(text);
    if (problem.isPresent()) {
      map.problem(
          key,
          "the path " + Escape.line('"' + text + '"') + " " + problem.get(),
          "name a path below the workspace, with '/' between names");
      return Optional.empty();
    }
    return Optional.of(RelativePath.of(text));
  }

  private static Optional<String> problem(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
      return Optional.of("is longer than " + MAX_PATH + " bytes");
    }
    Optional<String> kernel = RelativePath.problem(Bytes.utf8(text));
    if (kernel.isPresent()) {
      return kernel;
    }
    if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      return Optional.of("contains a control character");
    }
    for (String component : text.split("/", -1)) {
      if (component.getBytes(StandardCharsets.UTF_8).length > MAX_COMPONENT) {
        return Optional.of("has a name over " + MAX_COMPONENT + " bytes");
      }
    }
    return Optional.empty();
  }

  static List<Glob> globs(YamlMap map, String key) {
    List<Glob> globs = new ArrayList<>();
    for (YamlMap.Placed placed : map.placedStrings(key)) {
      try {
        globs.add(Globs.compile(placed.text()));
      } catch (IllegalArgumentException e) {
        map.problems().add(placed.at(), "not a glob: " + e.getMessage(), "correct the pattern");
      }
    }
    return globs;
  }
}
