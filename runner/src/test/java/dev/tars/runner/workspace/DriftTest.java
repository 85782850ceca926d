package dev.tars.runner.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drift is what differs from the baseline, but for what its ignore files name. */
class DriftTest {
  @TempDir private Path temp;
  private Path root;
  private StoreLayout layout;
  private WorkspaceDir workspace;
  private Baselines baselines;

  @BeforeEach
  void makeWorkspace() throws IOException {
    root = Files.createDirectories(temp.resolve("ws"));
    Files.writeString(root.resolve("a"), "one\n");
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    workspace = layout.workspace(root);
    baselines = new Baselines(layout);
  }

  @Test
  void aChangedFileIsReportedWithWhatItWasAndIs() throws IOException {
    Baseline baseline = capture();
    Files.writeString(root.resolve("a"), "two\n");
    Files.writeString(root.resolve("new"), "");
    List<TreeDifference> found = drift(baseline, Baselines.DriftScope.NOT_IGNORED);
    assertThat(found).hasSize(2);
    assertThat(found.getFirst().before()).isEqualTo(baseline.entry(RelativePath.of("a")));
    assertThat(found.getFirst().after()).isPresent().isNotEqualTo(found.getFirst().before());
    assertThat(found.getLast().before()).isEmpty();
    assertThat(found.getLast().after()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.log\nbuild/\n*.swp\n", "\ufeff*.log\nbuild/\n*.swp\n"})
  void ignoredFilesThatComeGrowAndGoAreNoDriftUnlessEverythingCounts(String patterns)
      throws IOException {
    Files.writeString(root.resolve(".gitignore"), patterns);
    Files.writeString(root.resolve("run.log"), "1\n");
    Files.writeString(root.resolve("gone.log"), "1\n");
    Baseline baseline = capture();
    Files.writeString(root.resolve("run.log"), "2 and longer\n");
    Files.delete(root.resolve("gone.log"));
    Files.writeString(root.resolve(".a.swp"), "x");
    Files.createDirectories(root.resolve("build/classes"));
    Files.writeString(root.resolve("build/classes/A.class"), "x");
    assertThat(drift(baseline, Baselines.DriftScope.NOT_IGNORED)).isEmpty();
    assertThat(paths(drift(baseline, Baselines.DriftScope.EVERYTHING)))
        .containsExactly(
            ".a.swp", "build", "build/classes", "build/classes/A.class", "gone.log", "run.log");
  }

  @Test
  void anIgnoreFileThatCameSinceHidesNothing() throws IOException {
    Baseline baseline = capture();
    Files.writeString(root.resolve(".gitignore"), "*\n");
    Files.writeString(root.resolve("a"), "two\n");
    assertThat(paths(drift(baseline, Baselines.DriftScope.NOT_IGNORED)))
        .containsExactly(".gitignore", "a");
  }

  private Baseline capture() {
    return baselines.capture(workspace, BaselinesTest.everything(), 0, 0);
  }

  private List<TreeDifference> drift(Baseline baseline, Baselines.DriftScope scope) {
    return baselines.drift(workspace, baseline.digest(), BaselinesTest.everything(), scope);
  }

  private static List<String> paths(List<TreeDifference> found) {
    return found.stream().map(d -> d.path().toString()).toList();
  }
}
