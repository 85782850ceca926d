package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.FileKind;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells sources from what tools wrote, where a scratch rule names both: a Java package called
 * {@code target}, a Python package called {@code build}, a {@code dist/} that is tracked. A path is
 * source if git tracks it or something in it, or if it holds source files and no build works there.
 *
 * <p>INVARIANT: evidence only ever makes less scratch. What a workspace says of itself can bring
 * more of it into a box and its change set, and can take nothing out.
 */
final class SourceEvidence {
  /** What keeps an empty directory in git, and says nothing of what else is in it. */
  private static final Set<String> PLACEHOLDERS = Set.of(".gitkeep", ".keep", ".gitignore");

  private static final Set<String> SOURCES =
      Set.of(
          "java", "kt", "kts", "scala", "groovy", "py", "pyi", "js", "mjs", "cjs", "jsx", "ts",
          "tsx", "mts", "cts", "go", "rs", "c", "h", "cc", "cpp", "cxx", "hpp", "cs", "fs", "vb",
          "rb", "php", "swift", "m", "mm", "ex", "exs", "erl", "hs", "ml", "clj", "lua", "pl", "pm",
          "sh", "sql", "dart", "zig", "vue", "svelte", "proto", "css", "scss", "html");

  /** No tool writes these directly into its output directory. */
  private static final Set<String> DIRECT = Set.of("java", "kt", "scala", "go", "rs", "rb", "cs");

  /** A directory with one of these is where a build runs; what it names is the build's. */
  private static final Set<String> BUILDS =
      Set.of(
          "pom.xml",
          "build.gradle",
          "build.gradle.kts",
          "build.xml",
          "build.sbt",
          "cargo.toml",
          "package.json",
          "pyproject.toml",
          "setup.py",
          "setup.cfg",
          "cmakelists.txt",
          "makefile",
          "gnumakefile",
          "meson.build",
          "go.mod",
          "composer.json",
          "gemfile",
          "mix.exs",
          "dune-project",
          "project.clj",
          "deno.json",
          "bsconfig.json");

  /** Names that tools alone give. */
  private static final Set<String> MADE_BY_TOOLS =
      Set.of("node_modules", "bower_components", "site-packages", "htmlcov");

  private static final int DEEPEST = 6;
  private static final int MOST_ENTRIES = 2000;

  private final Disk disk;
  private final Disk.Dir root;
  private @Nullable GitIndex index;

  SourceEvidence(Disk disk, Disk.Dir root) {
    this.disk = disk;
    this.root = root;
  }

  /** True if the path, which a rule makes scratch, is source. */
  boolean isSource(RelativePath path) {
    GitIndex tracked = index == null ? GitIndex.of(disk, root) : index;
    index = tracked;
    if (tracked.tracks(path)) {
      return true;
    }
    for (RelativePath name : tracked.below(path)) {
      if (!PLACEHOLDERS.contains(name.name().lossyText())) {
        return true;
      }
    }
    try {
      return holdsSources(path);
    } catch (DiskException unreadable) {
      return false;
    }
  }

  private boolean holdsSources(RelativePath path) {
    String name = lower(path.name());
    if (name.startsWith(".")
        || name.startsWith("__")
        || name.endsWith(".egg-info")
        || MADE_BY_TOOLS.contains(name)
        || !isDirectory(path)) {
      return false;
    }
    boolean builds =
        path.parent().isRoot() || names(path.parent()).stream().anyMatch(BUILDS::contains);
    if (builds) {
      return names(path).stream()
          .anyMatch(n -> n.equals("__init__.py") || DIRECT.contains(extension(n)));
    }
    return new Search().finds(path, 0);
  }

  /** Any source file below, within bounds. */
  private final class Search {
    private int entries;

    boolean finds(RelativePath directory, int depth) {
      try (Disk.Dir dir = disk.open(root, directory)) {
        List<Disk.DirEntry> all = disk.list(dir);
        for (Disk.DirEntry entry : all) {
          if (entry.kind() == FileKind.REGULAR
              && SOURCES.contains(extension(lower(entry.name())))) {
            return true;
          }
        }
        for (Disk.DirEntry entry : all) {
          if (++entries > MOST_ENTRIES) {
            return false;
          }
          if (entry.kind() == FileKind.DIRECTORY
              && depth < DEEPEST
              && finds(directory.resolve(entry.name()), depth + 1)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private boolean isDirectory(RelativePath path) {
    try (Disk.Dir dir = open(path.parent())) {
      return disk.stat(dir, path.name()).filter(s -> s.kind() == FileKind.DIRECTORY).isPresent();
    }
  }

  private List<String> names(RelativePath directory) {
    try (Disk.Dir dir = open(directory)) {
      return disk.list(dir).stream()
          .filter(e -> e.kind() == FileKind.REGULAR)
          .map(e -> lower(e.name()))
          .toList();
    }
  }

  private Disk.Dir open(RelativePath directory) {
    return disk.open(root, directory);
  }

  private static String lower(Bytes name) {
    return name.lossyText().toLowerCase(Locale.ROOT);
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }
}
