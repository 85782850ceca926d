package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.util.Set;
import java.util.TreeSet;

/** Files that say where dependencies and tools come from: a host that they did not name before. */
final class SupplyCheck implements FileCheck {
  private static final Set<String> FILES =
      Set.of(
          "package.json",
          "package-lock.json",
          "npm-shrinkwrap.json",
          "yarn.lock",
          "pnpm-lock.yaml",
          "bun.lock",
          "poetry.lock",
          "uv.lock",
          "pdm.lock",
          "pipfile",
          "pipfile.lock",
          "pyproject.toml",
          "setup.py",
          "setup.cfg",
          ".npmrc",
          ".yarnrc",
          ".yarnrc.yml",
          "pip.conf",
          ".pypirc",
          "gradle-wrapper.properties",
          "maven-wrapper.properties",
          "settings.xml",
          "settings.gradle",
          "settings.gradle.kts",
          "build.gradle",
          "build.gradle.kts",
          "cargo.toml",
          "cargo.lock",
          "go.mod",
          "gemfile",
          "gemfile.lock",
          "composer.json",
          "composer.lock",
          "nuget.config",
          ".gitmodules");

  @Override
  public void check(ChangedFile file, Findings findings) {
    String name = file.name();
    boolean requirements = name.endsWith(".txt") && name.contains("requirements");
    if (!FILES.contains(name) && !requirements) {
      return;
    }
    Set<String> added = new TreeSet<>(Hosts.in(file.afterText().orElse("")));
    added.removeAll(Hosts.in(file.beforeText().orElse("")));
    for (String host : added) {
      int line =
          file.added().stream()
              .filter(l -> Hosts.in(l.text()).contains(host))
              .mapToInt(AddedLine::number)
              .findFirst()
              .orElse(0);
      findings.add("supply.host", Severity.REVIEW, file.path(), line, "names a new host: " + host);
    }
  }
}
