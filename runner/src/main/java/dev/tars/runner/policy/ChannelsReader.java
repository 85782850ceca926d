package dev.tars.runner.policy;

import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.YamlMap;
import java.util.List;

/** The sections {@code notifications} and {@code handlers}: what a plan may name. */
final class ChannelsReader {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final String FILE = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\.jsonl";

  private final PolicyLayer layer;

  ChannelsReader(PolicyLayer layer) {
    this.layer = layer;
  }

  void read(YamlMap top) {
    for (String key : List.of("notifications", "handlers")) {
      if (top.has(key) && !layer.trusted) {
        top.problem(key, "the workspace cannot give a plan what it may name", "take it out");
      }
    }
    top.optionalMap("notifications")
        .ifPresent(map -> map.names().forEach(name -> channel(map, name)));
    top.optionalMap("handlers").ifPresent(map -> map.names().forEach(name -> handler(map, name)));
  }

  private void channel(YamlMap map, String name) {
    requireName(map, name);
    YamlMap channel = map.map(name);
    if (channel.has("webhook")) {
      channel.problem(
          "webhook",
          "a webhook cannot be held to allowed hosts yet, so it is refused",
          "use { file: NAME.jsonl }, and send its lines on yourself");
    } else {
      String file = channel.string("file");
      if (channel.has("file") && !file.matches(FILE)) {
        channel.problem(
            "file",
            "a channel's file is one name that ends in .jsonl, in the state directory",
            "write for example notices.jsonl");
      }
      layer.channels.put(name, new Channel(name, file, channel.position()));
    }
    channel.closed();
  }

  private void handler(YamlMap map, String name) {
    requireName(map, name);
    List<String> argv = map.strings(name);
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      map.problem(name, "the handler has no command", "write [program, argument, …]");
    }
    layer.handlers.put(name, new Handler(name, argv, layer.name, map.position(name)));
  }

  private static void requireName(YamlMap map, String name) {
    if (!name.matches(NAME)) {
      map.problem(
          name, "not a name: " + Escape.line(name), "use letters, digits, '.', '_' and '-'");
    }
  }
}
