package dev.tars.runner.validation.diagnostics;

import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of the workspace after the change, found by what tools print of their paths. Packages
 * that lie in it, as those of {@code node_modules} do, are not the project's own.
 */
public final class SourcePaths {
  private static final int LONGEST = 1_000;
  private static final Set<String> PACKAGES =
      Set.of("node_modules", "site-packages", "dist-packages", ".venv", "venv", "bower_components");

  private final String root;
  private final Map<String, RelativePath> all = new HashMap<>();
  private final Map<String, List<String>> byName = new HashMap<>();
  private final Set<RelativePath> changed;

  /**
   * @param root the workspace in the box, absolute
   * @param changed files that the change set writes
   */
  public SourcePaths(String root, Collection<RelativePath> files, Set<RelativePath> changed) {
    this.root = root + "/";
    this.changed = new HashSet<>(changed);
    for (RelativePath file : files) {
      if (isPackage(file) && !changed.contains(file)) {
        continue;
      }
      String text = file.bytes().lossyText();
      all.put(text, file);
      byName.computeIfAbsent(file.name().lossyText(), n -> new ArrayList<>(1)).add(text);
    }
  }

  private static boolean isPackage(RelativePath file) {
    return file.components().stream().anyMatch(name -> PACKAGES.contains(name.lossyText()));
  }

  /**
   * A place in the file that is meant: the path in the workspace, or else the only file, or the
   * only changed one, whose path ends so. Empty for anything outside the workspace.
   */
  Optional<Place> find(String printed, int line, int column) {
    return file(printed)
        .map(file -> new Place(file.toString(), line, column, changed.contains(file)));
  }

  private Optional<RelativePath> file(String printed) {
    String path = cleaned(printed);
    if (path.isEmpty() || path.length() > LONGEST) {
      return Optional.empty();
    }
    RelativePath exact = all.get(path);
    return exact != null ? Optional.of(exact) : ending(path);
  }

  private Optional<RelativePath> ending(String path) {
    if (path.startsWith("/") || path.startsWith("..")) {
      return Optional.empty();
    }
    List<RelativePath> found =
        byName.getOrDefault(path.substring(path.lastIndexOf('/') + 1), List.of()).stream()
            .filter(file -> file.equals(path) || file.endsWith("/" + path))
            .map(this::known)
            .toList();
    if (found.size() > 1) {
      found = found.stream().filter(changed::contains).toList();
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private RelativePath known(String text) {
    return java.util.Objects.requireNonNull(all.get(text));
  }

  private String cleaned(String printed) {
    String path = printed.strip();
    path = path.startsWith("file://") ? path.substring("file://".length()) : path;
    path = path.startsWith(root) ? path.substring(root.length()) : path;
    while (path.startsWith("./")) {
      path = path.substring(2);
    }
    return path;
  }
}
