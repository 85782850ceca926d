package dev.tars.runner.validation.checks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tars.runner.model.Severity;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scripts and odd sources that a {@code package.json} gains. */
final class PackageJsonCheck implements FileCheck {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Set<String> ON_INSTALL =
      Set.of(
          "preinstall",
          "install",
          "postinstall",
          "prepare",
          "preprepare",
          "postprepare",
          "prepublish",
          "dependencies");

  private static final Set<String> DEPENDENCIES =
      Set.of("dependencies", "devDependencies", "optionalDependencies", "peerDependencies");

  private static final Set<String> SETTINGS =
      Set.of(
          "overrides",
          "resolutions",
          "packageManager",
          "workspaces",
          "bin",
          "husky",
          "lint-staged",
          "simple-git-hooks",
          "pnpm",
          "jest");

  @Override
  public void check(ChangedFile file, Findings findings) {
    if (!file.name().equals("package.json") || file.after().isEmpty()) {
      return;
    }
    JsonNode after = tree(file.after());
    JsonNode before = tree(file.before());
    for (Map.Entry<String, JsonNode> script : after.path("scripts").properties()) {
      String name = script.getKey();
      if (!script.getValue().equals(before.path("scripts").path(name))) {
        String when = ON_INSTALL.contains(name) ? "runs on every install" : "is added or changed";
        report(
            file,
            findings,
            name,
            "the script " + name + " " + when + ": " + script.getValue().asText());
      }
    }
    for (String section : DEPENDENCIES) {
      for (Map.Entry<String, JsonNode> entry : after.path(section).properties()) {
        String version = entry.getValue().asText();
        if (version.contains(":")
            && !entry.getValue().equals(before.path(section).path(entry.getKey()))) {
          report(
              file,
              findings,
              entry.getKey(),
              "the dependency " + entry.getKey() + " comes from " + version);
        }
      }
    }
    for (String setting : SETTINGS) {
      if (after.has(setting) && !after.path(setting).equals(before.path(setting))) {
        report(file, findings, setting, "the setting " + setting + " is added or changed");
      }
    }
  }

  private static JsonNode tree(Optional<byte[]> content) {
    try {
      return content.isEmpty() ? MissingNode.getInstance() : MAPPER.readTree(content.get());
    } catch (IOException e) {
      // The syntax check says so.
      return MissingNode.getInstance();
    }
  }

  private static void report(ChangedFile file, Findings findings, String key, String message) {
    int line =
        file.added().stream()
            .filter(l -> l.text().contains("\"" + key + "\""))
            .mapToInt(AddedLine::number)
            .findFirst()
            .orElse(0);
    findings.add("build.package-json", Severity.REVIEW, file.path(), line, message);
  }
}
