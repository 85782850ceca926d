package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The sections {@code resources}, {@code runtime} and {@code caches}. */
final class ResourcesReader {
  private final PolicyLayer layer;

  ResourcesReader(PolicyLayer layer) {
    this.layer = layer;
  }

  void resources(YamlMap map) {
    number(map, "resources.", "cpus", 1000);
    bytes(map, "resources.", "memory");
    swap(map);
    count(map, "resources.", "pids");
    bytes(map, "resources.", "disk");
    count(map, "resources.", "inodes");
    count(map, "resources.", "openFiles");
    bytes(map, "resources.", "output");
    duration(map, "resources.", "wallClock");
    map.closed();
  }

  private static void swap(YamlMap map) {
    map.optionalBytes("swap")
        .filter(s -> s.bytes() > 0)
        .ifPresent(s ->
            map.problem(
                "swap", "swap cannot be given: memory is the whole limit", "write swap: 0B"));
  }

  void runtime(YamlMap map) {
    map.optionalWord("engine", List.of("docker"));
    map.placedString("runtime").ifPresent(name -> runtime(map, name));
    bytes(map, "runtime.", "tmp");
    if (!map.strings("capabilities").isEmpty()) {
      map.problem("capabilities", "no capability is ever given to a box", "write capabilities: []");
    }
    onlyTrue(map, "noNewPrivileges");
    onlyTrue(map, "readOnlyRoot");
    layer.engineSeccomp =
        map.optionalWord("seccomp", List.of("strict", "engine-default"))
            .map("engine-default"::equals)
            .or(() -> layer.engineSeccomp);
    List<YamlMap> images = map.maps("images");
    if (images.size() > 1) {
      map.problem("images", "more than one image", "name the one that every command runs in");
    }
    for (YamlMap image : images) {
      String id = image.optionalString("id").orElse(image.path());
      String ref = image.string("ref");
      if (image.has("ref") && !ref.isEmpty() && !isReference(ref)) {
        image.problem(
            "ref",
            "not the name of an image",
            "write a name, name@sha256:DIGEST with 64 digits, or sha256:ID");
      }
      if (!layer.trusted) {
        image.problem("ref", "the workspace cannot choose the image", "take it out");
      }
      layer.images = List.of(new ImageRule(id, ref));
      layer.image = Optional.of(new PolicyLayer.Placed<>(ref, image.position("ref")));
      image.closed();
    }
    map.closed();
  }

  private void runtime(YamlMap map, YamlMap.Placed name) {
    if (!name.text().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
      map.problem("runtime", "not the name of an engine's runtime", "write for example runc");
    }
    layer.runtime = Optional.of(new PolicyLayer.Placed<>(name.text(), name.at()));
  }

  private static boolean isReference(String ref) {
    String name = "[a-z0-9][a-z0-9._:/-]{0,254}";
    return ref.matches("(" + name + "@)?sha256:[0-9a-f]{64}")
        || (ref.matches("(?i)" + name) && !ref.startsWith("sha256:"));
  }

  private static void onlyTrue(YamlMap map, String key) {
    map.optionalBool(key)
        .filter(value -> !value)
        .ifPresent(v -> map.problem(key, key + " cannot be switched off", "write true"));
  }

  void caches(List<YamlMap> caches) {
    for (YamlMap cache : caches) {
      String name = cache.string("name");
      String id = cache.optionalString("id").orElse(name);
      String target = cache.string("target");
      if (!name.isEmpty() && !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        cache.problem("name", "not a cache's name", "use letters, digits, '.', '_' and '-'");
      }
      boolean good =
          target.matches("/[A-Za-z0-9._/-]+")
              && !target.contains("//")
              && !target.contains("/../")
              && !target.endsWith("/..")
              && !target.matches(
                  "/(proc|sys|dev|etc|usr|bin|sbin|lib|lib64|workspace|run|tmp)(/.*)?");
      if (!target.isEmpty() && !good) {
        cache.problem(
            "target", "not a place for a cache in the box", "use a path below /home/tars or /opt");
      }
      if (!layer.trusted) {
        cache.problem("name", "the workspace cannot add a cache", "take it out");
      }
      layer.caches.put(name, new CacheMount(id, name, target, cache.position()));
      cache.closed();
    }
  }

  // ---- numbers: a maximum, or {default, max}

  void count(YamlMap map, String prefix, String key) {
    number(map, prefix, key, 1);
  }

  private void number(YamlMap map, String prefix, String key, int factor) {
    int most = (int) Math.min(Integer.MAX_VALUE, Numbers.ceiling(prefix + key) / factor);
    if (map.isMap(key)) {
      YamlMap pair = map.map(key);
      Optional<Integer> max = pair.optionalInt("max", 1, most);
      Optional<Integer> standard = pair.optionalInt("default", 1, most);
      pair.closed();
      pair(
          pair,
          prefix + key,
          standard.map(v -> (long) v * factor),
          max.map(v -> (long) v * factor));
      return;
    }
    map.optionalInt(key, 1, most)
        .ifPresent(v -> put(prefix + key, (long) v * factor, (long) v * factor, map.position(key)));
  }

  void bytes(YamlMap map, String prefix, String key) {
    ByteCount most = new ByteCount(Numbers.ceiling(prefix + key));
    if (map.isMap(key)) {
      YamlMap pair = map.map(key);
      Optional<Long> max = bounded(pair, "max", most);
      Optional<Long> standard = bounded(pair, "default", most);
      pair.closed();
      pair(pair, prefix + key, standard, max);
      return;
    }
    bounded(map, key, most).ifPresent(v -> put(prefix + key, v, v, map.position(key)));
  }

  private static Optional<Long> bounded(YamlMap map, String key, ByteCount most) {
    return map.optionalBytes(key)
        .map(ByteCount::bytes)
        .filter(v -> {
          boolean good = v > 0 && v <= most.bytes();
          if (!good) {
            map.problem(key, key + " must be above 0B and at most " + most, "choose another size");
          }
          return good;
        });
  }

  private void duration(YamlMap map, String prefix, String key) {
    Duration most = Duration.ofMillis(Numbers.ceiling(prefix + key));
    if (map.isMap(key)) {
      YamlMap pair = map.map(key);
      Optional<Long> max = pair.optionalDuration("max", most).map(Duration::toMillis);
      Optional<Long> standard = pair.optionalDuration("default", most).map(Duration::toMillis);
      pair.closed();
      pair(pair, prefix + key, standard, max);
      return;
    }
    map.optionalDuration(key, most)
        .map(Duration::toMillis)
        .ifPresent(v -> put(prefix + key, v, v, map.position(key)));
  }

  private void pair(YamlMap pair, String key, Optional<Long> standard, Optional<Long> max) {
    if (max.isEmpty()) {
      pair.problems().add(pair.position(), key + " has no max", "write { default: …, max: … }");
      return;
    }
    if (standard.orElse(0L) > max.get()) {
      pair.problem("default", key + ".default is above its max", "choose a smaller default");
    }
    put(key, standard.orElse(max.get()), max.get(), pair.position());
  }

  private void put(String key, long standard, long max, SourcePosition at) {
    layer.numbers.put(key, new PolicyLayer.Value(standard, max, at));
  }
}
