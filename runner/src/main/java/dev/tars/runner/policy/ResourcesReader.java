package dev.tars.runner.policy;

import dev.tars.runner.yaml.YamlMap;
import java.util.List;
import java.util.Optional;

/** The sections {@code resources}, {@code runtime} and {@code caches}. */
final class ResourcesReader {
  private final PolicyLayer layer;

  ResourcesReader(PolicyLayer layer) {
    this.layer = layer;
  }

  void resources(YamlMap map) {
    layer.said.read(map, "resources");
    swap(map);
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
    layer.said.read(map, "runtime");
    map.placedString("runtime").ifPresent(name -> runtime(map, name));
    if (!map.strings("capabilities").isEmpty()) {
      map.problem("capabilities", "no capability is ever given to a box", "write capabilities: []");
    }
    onlyTrue(map, "noNewPrivileges");
    onlyTrue(map, "readOnlyRoot");
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
}
