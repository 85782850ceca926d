package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

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

  private static final Set<String> NPM_LOCKS = Set.of("package-lock.json", "npm-shrinkwrap.json");

  /** What npm writes into its lock for people, and fetches nothing from. */
  private static final Pattern FOR_PEOPLE =
      Pattern.compile("\"(?:url|funding|deprecated)\"\\s{0,9}+:\\s{0,9}+\"[^\"\\n]{0,2000}+\"");

  @Override
  public void check(ChangedFile file, Findings findings) {
    String name = file.name();
    boolean requirements = name.endsWith(".txt") && name.contains("requirements");
    if (!FILES.contains(name) && !requirements) {
      return;
    }
    boolean lock = NPM_LOCKS.contains(name);
    Set<String> added = new TreeSet<>(hosts(file.afterText().orElse(""), lock));
    added.removeAll(hosts(file.beforeText().orElse(""), lock));
    for (String host : added) {
      int line =
          file.added().stream()
              .filter(l -> hosts(l.text(), lock).contains(host))
              .mapToInt(AddedLine::number)
              .findFirst()
              .orElse(0);
      findings.add("supply.host", Severity.REVIEW, file.path(), line, "names a new host: " + host);
    }
  }

  private static Set<String> hosts(String text, boolean lock) {
    return Hosts.in(lock ? FOR_PEOPLE.matcher(text).replaceAll("") : text);
  }
}
