package dev.tars.image;

import dev.tars.runner.model.ByteCount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Says what each toolchain adds to an image: a package counts for the first toolchain that needs
 * it, in the order java, python, maven, node; what none needs is {@code base}. The figures add up
 * to the size of all files.
 */
final class ToolchainCosts {
  private static final Map<String, Pattern> ROOTS = new LinkedHashMap<>();

  static {
    ROOTS.put(
        "java", Pattern.compile("openjdk-[0-9]+-.*|default-j.*-headless|ca-certificates-java"));
    ROOTS.put("python", Pattern.compile("python3(-.*)?"));
    ROOTS.put("maven", Pattern.compile("maven"));
    ROOTS.put("node", Pattern.compile("nodejs|npm"));
  }

  private final Map<String, InstalledPackage> packages;
  private final Map<String, String> toolchains = new HashMap<>();

  private ToolchainCosts(Map<String, InstalledPackage> packages) {
    this.packages = packages;
  }

  /** Empty if the image has no package list. */
  static Map<String, ByteCount> of(ImageContents contents) {
    Map<String, InstalledPackage> packages = contents.packages();
    return packages.isEmpty() ? Map.of() : new ToolchainCosts(packages).measure(contents);
  }

  private Map<String, ByteCount> measure(ImageContents contents) {
    assignAll("base", reachable(ToolchainCosts::isSystem));
    ROOTS.forEach((name, roots) -> assignAll(name, reachable(p -> roots.matcher(p).matches())));
    Map<String, String> owners = owners(contents);
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put("base", 0L);
    ROOTS.keySet().forEach(name -> bytes.put(name, 0L));
    for (ImageFile file : contents.files().values()) {
      bytes.merge(toolchainOf(file.path(), owners), file.size(), Long::sum);
    }
    Map<String, ByteCount> costs = new LinkedHashMap<>();
    bytes.forEach((name, size) -> costs.put(name, new ByteCount(size)));
    return costs;
  }

  private static boolean isSystem(String name) {
    return name.equals("perl-base") || name.equals("tzdata") || name.equals("dpkg");
  }

  private void assignAll(String toolchain, Set<String> names) {
    names.forEach(name -> toolchains.putIfAbsent(name, toolchain));
  }

  private Set<String> reachable(Predicate<String> root) {
    Map<String, String> providers = new HashMap<>();
    packages.values().forEach(p -> p.provides().forEach(v -> providers.putIfAbsent(v, p.name())));
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(packages.keySet().stream().filter(root).toList());
    while (!open.isEmpty()) {
      InstalledPackage next = packages.get(open.pop());
      if (next != null && seen.add(next.name())) {
        for (Set<String> alternatives : next.depends()) {
          alternatives.stream()
              .map(a -> packages.containsKey(a) ? a : providers.getOrDefault(a, a))
              .filter(packages::containsKey)
              .findFirst()
              .ifPresent(open::push);
        }
      }
    }
    return seen;
  }

  /** The package of each path; a directory that several share has none. */
  private static Map<String, String> owners(ImageContents contents) {
    Map<String, String> owners = new HashMap<>();
    contents
        .texts()
        .forEach((path, bytes) -> {
          if (DpkgDatabase.isFileList(path)) {
            String owner = DpkgDatabase.packageOf(path);
            new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.length() > 1 && line.startsWith("/"))
                .map(line -> line.substring(1))
                .forEach(name -> {
                  owners.merge(name, owner, ToolchainCosts::shared);
                  if (name.matches("(bin|sbin|lib|lib64)/.*")) {
                    // The lists know nothing of the links from /lib to /usr/lib.
                    owners.merge("usr/" + name, owner, ToolchainCosts::shared);
                  }
                });
          }
        });
    return owners;
  }

  private static String shared(String one, String other) {
    return one.equals(other) ? one : "";
  }

  /** What no list names (compiled Python, class data) belongs to the nearest owned directory. */
  private String toolchainOf(String path, Map<String, String> owners) {
    for (String p = path; !p.isEmpty(); p = p.substring(0, Math.max(0, p.lastIndexOf('/')))) {
      String owner = owners.get(p);
      if (owner != null && !owner.isEmpty()) {
        return toolchains.getOrDefault(owner, "base");
      }
    }
    return "base";
  }
}
