package dev.tars.runner.admin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A way in which a project is built, by the files at its root.
 *
 * @param preset the built-in policy for it
 * @param because the file that says so
 */
record ProjectBuild(String preset, String because) {
  private static final List<ProjectBuild> KNOWN =
      List.of(
          new ProjectBuild("java-maven", "pom.xml"),
          new ProjectBuild("node", "package.json"),
          new ProjectBuild("python", "pyproject.toml"),
          new ProjectBuild("python", "setup.py"),
          new ProjectBuild("python", "setup.cfg"),
          new ProjectBuild("python", "requirements.txt"),
          new ProjectBuild("standard", "build.gradle"),
          new ProjectBuild("standard", "build.gradle.kts"),
          new ProjectBuild("standard", "Cargo.toml"),
          new ProjectBuild("standard", "go.mod"),
          new ProjectBuild("standard", "Makefile"));

  /** Every build that is seen, the likeliest first; one for each preset. */
  static List<ProjectBuild> of(Path workspace) {
    List<ProjectBuild> found = new ArrayList<>();
    for (ProjectBuild build : KNOWN) {
      boolean there = Files.isRegularFile(workspace.resolve(build.because()));
      if (there && found.stream().noneMatch(b -> b.preset().equals(build.preset()))) {
        found.add(build);
      }
    }
    return found;
  }
}
