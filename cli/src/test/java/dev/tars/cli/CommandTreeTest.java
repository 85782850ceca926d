package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTreeTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void onlyWhatTheCommandLineNamesIsBuilt() {
    String[] args = {"execute", "status", "--detail"};

    var tree = Commands.tree(Words.of(args), new Console(out, err));

    assertThat(tree.getSubcommands()).containsOnlyKeys("execute");
    assertThat(tree.getSubcommands().get("execute").getSubcommands()).containsOnlyKeys("status");
  }

  @Test
  void helpListsEveryCommandWithItsDescription() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsPattern("execute +Run, watch, review")
        .containsPattern("gc +Remove what dead runs left");

    assertThat(run("help", "policy", "check")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("connect ", "write ");
  }

  @Test
  void aMisspeltCommandIsCorrectedFromAllNames() {
    assertThat(run("execute", "statos", "--detail")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("did you mean: status");
  }

  @Test
  void aGroupWithoutACommandNamesAllOfItsOwn() {
    assertThat(run("audit")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("a subcommand is missing: show, verify");
  }

  @Test
  void aFileOfArgumentsNamesCommandsToo() throws IOException {
    Path file = Files.writeString(directory.resolve("args"), "execute status --help");

    assertThat(run("@" + file)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("--context-id");
  }

  @Test
  void aValueThatIsTheNameOfACommandIsAValue() {
    assertThat(run("execute", "status", "--context-id", "review", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: tarscli execute status");
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(args, new Console(out, err));
  }
}
