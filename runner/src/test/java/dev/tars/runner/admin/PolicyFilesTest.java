package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.RunnerException;
import dev.tars.runner.yaml.YamlLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** New policies, and policies that are laid out. */
class PolicyFilesTest {
  @TempDir private Path temp;
  private ToolBench bench;

  @BeforeEach
  void make() {
    bench = new ToolBench(temp);
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "autonomous", "java-maven", "node", "python", "locked"})
  void aNewPolicyLoadsAndPassesItsOwnTest(String preset) throws IOException {
    NewPolicy made =
        bench.tools().init(Optional.of(preset), Optional.of(Path.of("new/policy.yaml")));
    assertThat(Files.getPosixFilePermissions(made.policy()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    TestReport report = bench.tools().test(List.of(made.policy()), true);
    assertThat(report.cases()).isGreaterThan(5);
    assertThat(report.failed()).isZero();
    assertThat(report.policies().getFirst().mutation().survived()).isEmpty();
    assertThat(bench.tools().format(made.policy()).unchanged()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "pom.xml, java-maven",
    "package.json, node",
    "pyproject.toml, python",
    "setup.py, python",
    "Makefile, standard"
  })
  void theBuildOfTheWorkspaceChoosesThePreset(String file, String preset) {
    ToolBench.write(bench.workspace.resolve(file), "");
    NewPolicy made = bench.tools().init(Optional.empty(), Optional.empty());
    assertThat(made.preset()).isEqualTo(preset);
    assertThat(made.policy()).isEqualTo(temp.resolve("home/.config/tars/policy.yaml"));
  }

  @Test
  void nothingIsEverOverwritten() throws IOException {
    ToolBench.write(temp.resolve("policy.yaml"), "mine");
    assertThatThrownBy(
            () -> bench.tools().init(Optional.empty(), Optional.of(Path.of("policy.yaml"))))
        .isInstanceOf(RunnerException.class);
    assertThat(temp.resolve("policy.yaml")).hasContent("mine");
    Files.createSymbolicLink(temp.resolve("link.yaml"), temp.resolve("elsewhere.yaml"));
    assertThatThrownBy(
            () -> bench.tools().init(Optional.empty(), Optional.of(Path.of("link.yaml"))))
        .isInstanceOf(RunnerException.class);
    assertThat(temp.resolve("elsewhere.yaml")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ws/policy.yaml", "ws/.tars/policy.yaml", "link/policy.yaml", "ws/new/p.yaml"})
  void aPolicyIsNeverWrittenIntoTheWorkspace(String output) throws IOException {
    Files.createSymbolicLink(temp.resolve("link"), bench.workspace);
    assertThatThrownBy(() -> bench.tools().init(Optional.empty(), Optional.of(Path.of(output))))
        .isInstanceOf(RunnerException.class)
        .hasMessageContaining("workspace");
    assertThat(bench.workspace).isEmptyDirectory();
  }

  @Test
  void layoutKeepsMeaningAndComments() {
    String text =
        """
        # head
        kind:   PermissionPolicy
        apiVersion: tars.dev/policy/v1   # one

        metadata: {name: x,   description: "a: b"}
        filesystem:      # files
            protect:
                # why
                -   {id: a, paths: ["a",   'b'], reason: "x # y"}   # behind
                - id: b
                  paths:
                  - c   # in the list
        # tail
        """;
    ToolBench.write(temp.resolve("p.yaml"), text);
    Formatted formatted = bench.tools().format(Path.of("p.yaml"));
    assertThat(formatted.unchanged()).isFalse();
    assertThat(YamlLayout.comments(formatted.text())).isEqualTo(YamlLayout.comments(text));
    assertThat(formatted.text())
        .startsWith("# head")
        .contains("apiVersion: tars.dev/policy/v1 # one\n")
        .contains("    - { id: a, paths: [\"a\", 'b'], reason: \"x # y\" } # behind\n")
        .contains("- c # in the list\n");
    String before = bench.tools().validate(List.of("p.yaml")).getFirst().digest();
    formatted.save();
    assertThat(bench.tools().validate(List.of("p.yaml")).getFirst().problems()).isEmpty();
    assertThat(bench.tools().validate(List.of("p.yaml")).getFirst().digest()).isEqualTo(before);
    assertThat(bench.tools().format(Path.of("p.yaml")).unchanged()).isTrue();
  }

  @Test
  void problemsHavePlaceCaretAndFix() {
    String name = bench.file("bad.yaml", "netwrok: {}\nfilesystem: { wirte: [] }\n");
    CheckedPolicy checked = bench.tools().validate(List.of(name)).getFirst();
    assertThat(checked.problems()).hasSize(2);
    assertThat(checked.problems())
        .allMatch(p -> p.at().line() > 3 && p.at().column() > 0 && p.source().size() == 2);
    assertThat(checked.problems().getFirst().fix()).contains("network");
    assertThat(CheckedPolicy.sarif(List.of(checked)).at("/runs/0/results").size()).isEqualTo(2);
  }
}
