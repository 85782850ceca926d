package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Improvements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Something else in the place of each file that is no plan and lies outside the state directory:
 * the command ends soon, with a sentence or as if the file were not there, and nothing of a file of
 * the host is shown. What a person names may be a link; nothing of a file that is not ours is shown
 * then either.
 */
class PlantedFilesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String POLICY =
      "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nmetadata: { name: x }\n";

  @TempDir private Path temp;
  private RunBench bench;
  private Path secret;

  @BeforeEach
  void make() throws IOException {
    bench = new RunBench(temp.resolve("bench"));
    bench.dryRun = true;
    bench.write("pkg/target/A.java", "class A {}\n"); // scratch, unless git tracks it
    secret = Files.writeString(temp.resolve("secret"), Planted.CANARY + ": x\n");
  }

  /** Opens a file and returns what is said then. */
  private interface Command {
    String run(PlantedFilesTest test, Path file) throws IOException;
  }

  private static final Map<String, Command> PLACES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("named/policy.yaml", PlantedFilesTest::policy),
              Map.entry("named/base.yaml", PlantedFilesTest::base),
              Map.entry("named/fmt.yaml", (test, file) -> test.tools().format(file).text()),
              Map.entry("named/test.yaml", (test, file) -> test.tested(file)),
              Map.entry("named/tested.yaml", PlantedFilesTest::policyOfATest),
              Map.entry("named/decisions.jsonl", PlantedFilesTest::recordsOfATest),
              Map.entry("named/anchor.json", PlantedFilesTest::anchor),
              Map.entry("named/x.tars", (test, file) -> test.bench.take(file).text()),
              Map.entry("named/plan.yaml", PlantedFilesTest::planOutside),
              Map.entry("named/x.diff", PlantedFilesTest::patch),
              Map.entry("bench/ws/src/patched", PlantedFilesTest::patched),
              Map.entry("bench/ws/src/any", PlantedFilesTest::run),
              Map.entry("bench/ws/src/.gitignore", PlantedFilesTest::run),
              Map.entry("bench/ws/.git", PlantedFilesTest::run),
              Map.entry("bench/ws/.git/index", PlantedFilesTest::run)));

  static Stream<Arguments> placesAndPlanted() {
    return PLACES.keySet().stream()
        .flatMap(place ->
            Stream.of(Planted.values())
                .filter(planted -> planted != Planted.LINKED_TARS)
                .filter(planted ->
                    planted != Planted.LINKED_DIRECTORY || !place.equals("bench/ws/.git"))
                .map(planted -> Arguments.of(place, planted)));
  }

  @ParameterizedTest
  @MethodSource("placesAndPlanted")
  void nothingIsShownAndNothingWaits(String place, Planted planted) throws Exception {
    Path file = temp.resolve(place);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    planted.plant(file, secret);
    String said = assertTimeoutPreemptively(SOON, () -> said(place, file));
    assertThat(said).doesNotContain(Planted.CANARY);
  }

  private String said(String place, Path file) throws IOException {
    try {
      return PLACES.get(place).run(this, file);
    } catch (RunnerException e) {
      return e.getMessage() + e.where() + e.notes() + e.help() + e.problems();
    }
  }

  private String policy(Path file) {
    return tools().validate(List.of(file.toString())).toString();
  }

  private String base(Path file) throws IOException {
    String sha = Digest.of(Files.readAllBytes(secret)).hex();
    Path top =
        Files.writeString(
            temp.resolve("top.yaml"),
            POLICY + "extends: [{ ref: \"file:named/base.yaml\", sha256: " + sha + " }]\n");
    return policy(top);
  }

  private String policyOfATest(Path file) throws IOException {
    return tested(
        test(file.toString(), "request: { run: { argv: [x] } }, expect: { decision: deny }"));
  }

  private String recordsOfATest(Path file) throws IOException {
    return tested(
        test("builtin:standard", "replay: { run: " + file + " }, expect: { changedVerdicts: 0 }"));
  }

  private Path test(String policy, String one) throws IOException {
    return Files.writeString(
        temp.resolve("test.yaml"),
        "apiVersion: tars.dev/policy-test/v1\nkind: PolicyTest\npolicy: "
            + policy
            + "\ncases:\n  - { name: x, "
            + one
            + " }\n");
  }

  private String tested(Path file) {
    return tools().test(List.of(file), false).toString();
  }

  private String anchor(Path file) {
    return bench
        .command(runner -> {
          var _ = runner.verifyAudit(Optional.of(file));
          return new RunBench.Ended(0, Optional.empty());
        })
        .text();
  }

  private String planOutside(Path file) {
    return new Improvements(bench.workspace).plan(file).toString();
  }

  private String patch(Path file) {
    Improvements all = new Improvements(bench.workspace, Duration.ofMillis(50));
    return all.importPatch("N", "n", file, new HostFiles(bench.workspace)).toString();
  }

  private String patched(Path file) throws IOException {
    Path diff =
        Files.writeString(
            temp.resolve("d"),
            "diff --git a/src/patched b/copy\nsimilarity index 100%\ncopy from src/patched\n"
                + "copy to copy\n");
    Path made =
        new Improvements(bench.workspace)
            .importPatch("N", "n", diff, new HostFiles(bench.workspace));
    return Files.readString(made);
  }

  private String run(Path file) throws IOException {
    String said = bench.run().text();
    StringBuilder kept = new StringBuilder(said);
    try (Stream<Path> objects = Files.walk(bench.state.resolve("objects"))) {
      for (Path object : objects.filter(Files::isRegularFile).toList()) {
        if (Files.size(object) < 1 << 20) {
          kept.append(Files.readString(object, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
      }
    }
    return kept.toString();
  }

  private dev.tars.runner.admin.PolicyTools tools() {
    return SandboxRunner.policyTools(
        new RunnerSettings(bench.workspace, bench.state, Map.of("HOME", temp.toString())));
  }
}
