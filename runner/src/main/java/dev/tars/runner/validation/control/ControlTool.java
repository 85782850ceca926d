package dev.tars.runner.validation.control;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tools that tests can be planted for, by the words of a command line. */
enum ControlTool {
  PYTEST(new PythonSower(true), "pytest", "py.test"),
  UNITTEST(new PythonSower(false), "unittest", "xmlrunner"),
  JAVA(new JavaSower(), "mvn", "mvnw", "mvnd", "gradle", "gradlew"),
  SCRIPT(new ScriptSower(), "node", "npm", "npx", "yarn", "pnpm", "jest", "mocha", "vitest"),
  GO(new GoSower(), "go", "gotestsum"),
  RUST(new RustSower(), "cargo", "cargo-nextest");

  @SuppressWarnings("ImmutableEnumChecker") // records without mutable fields
  private final Sower sower;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of alone
  private final Set<String> words;

  ControlTool(Sower sower, String... words) {
    this.sower = sower;
    this.words = Set.of(words);
  }

  Sower sower() {
    return sower;
  }

  /** The first whose word is in the command, words of a script included. */
  static Optional<ControlTool> of(List<String> argv) {
    Set<String> found =
        argv.stream()
            .flatMap(argument -> Arrays.stream(argument.split("[\\s;&|()]+")))
            .map(word ->
                word.substring(word.lastIndexOf('/') + 1).replaceFirst("\\.(js|cmd|mjs|bat)$", ""))
            .collect(Collectors.toSet());
    return Arrays.stream(values())
        .filter(tool -> tool.words.stream().anyMatch(found::contains))
        .findFirst();
  }
}
