package dev.tars.runner.validation.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Planted files, as they were run for real: in {@code NAME/planted} each red test was red and each
 * green one green. {@code -Dreference.write=true} writes them anew; then run them anew, too.
 */
class GoldenPlantingTest {
  private static final Path HOME = Path.of("src/test/resources/dev/tars/runner/validation/control");

  @ParameterizedTest
  @CsvSource({
    "pytest, python3 -m pytest",
    "pytest-unittest, python3 -m pytest",
    "unittest, python3 -m xmlrunner",
    "node, node --test",
    "node-esm, node --test",
    "jest, npx jest",
    "mocha, npx mocha",
    "vitest, npx vitest run",
    "junit5, mvn -B -o test",
    "junit4, mvn -B -o test",
    "junit3, mvn -B -o test",
    "testng, mvn -B -o test",
    "go, gotestsum --junitfile=r.xml",
    "rust, cargo test --no-fail-fast",
    "rust-integration, cargo nextest run"
  })
  void whatIsPlantedIsWhatWasRun(String name, String command) throws IOException {
    Planting planting = Planted.in(files(HOME.resolve(name + "/before")), command.split(" "));
    assertThat(planting).isInstanceOf(Planting.Planted.class);
    Map<String, String> found = new TreeMap<>();
    Planting.Planted planted = (Planting.Planted) planting;
    planted.files().forEach(file -> found.put(file.path().toString(), file.text()));
    StringBuilder list = new StringBuilder();
    for (Sentinel one : planted.sentinels()) {
      list.append(one.red() ? "red " : "green ").append(one.name()).append(" by ");
      list.append(one.way()).append('\n');
    }
    found.put("sentinels.txt", list.toString());
    Path golden = HOME.resolve(name + "/planted");
    if (Boolean.getBoolean("reference.write")) {
      write(golden, found);
    }
    assertThat(found).isEqualTo(files(golden));
  }

  private static void write(Path home, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = home.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  private static Map<String, String> files(Path home) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home)) {
      List<Path> regular = all.filter(Files::isRegularFile).toList();
      for (Path path : regular) {
        files.put(home.relativize(path).toString(), Files.readString(path));
      }
    }
    return files;
  }
}
