package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The words that a person types: ids, codes, options, and what completes them. */
final class CommandWordsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource({
    "CTX-7, CTX-7",
    "ctx-7, CTX-7",
    "7, CTX-7",
    "007, CTX-7",
    "LAST, last",
    "last, last",
    "CTX-0, CTX-0",
    "x, x",
    "../7, ../7",
    "-c 7, CTX-7",
    "--context-id ctx-7, CTX-7",
    "7 -c CTX-7, CTX-7"
  })
  void aContextIsNamedAsPeopleDo(String typed, String id) {
    assertThat(choice(typed.split(" ")).required()).isEqualTo(id);
  }

  @Test
  void twoDifferentContextsAreRefusedAndNoneIsAskedFor() {
    assertThatThrownBy(() -> choice("7", "-c", "8").required())
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.USAGE))
        .hasMessageContaining("CTX-7 and CTX-8");
    assertThatThrownBy(() -> choice().required()).hasMessage("which context?");
    assertThat(choice().orLast()).isEqualTo("last");
  }

  private static ContextChoice choice(String... words) {
    ContextChoice choice = new ContextChoice();
    CommandSpec spec = CommandSpec.create();
    spec.addMixin("context", CommandSpec.forAnnotatedObject(choice));
    new CommandLine(spec).parseArgs(words);
    return choice;
  }

  @ParameterizedTest
  @EnumSource(FailureCode.class)
  void everyCodeIsExplained(FailureCode code) {
    assertThat(run("help", code.id())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith(code.id() + " (exit status " + code.exitCode() + ")")
        .hasSizeGreaterThan(80);
    String brief = code.id().substring("TARS-".length()).toLowerCase(Locale.ROOT);
    assertThat(CodeHelp.asked(new String[] {"help", brief})).contains(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void aShellIsToldEveryCommandAndOption(String shell) {
    assertThat(run("completion", shell)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("improvement", "rollback", "override", "explain", "completion");
  }

  @Test
  void bashTakesTheCompletionAndCompletes() throws IOException, InterruptedException {
    assertThat(run("completion", "bash")).isZero();
    String script =
        out.toString(StandardCharsets.UTF_8)
            + "\nCOMP_WORDS=(tarscli execute rev); COMP_CWORD=2; COMP_LINE='tarscli execute rev'\n"
            + "_complete_tarscli; printf '<%s>' \"${COMPREPLY[@]}\"\n";
    Process bash =
        new ProcessBuilder("bash", "-s")
            .redirectError(ProcessBuilder.Redirect.DISCARD) // compopt works on a prompt alone
            .start();
    try (var in = bash.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(answer).isZero();
    assertThat(answer).isEqualTo("<review>");
  }

  @Test
  void theHelpOfACommandHasItsOwnOptionsAndAnExample() {
    assertThat(run("execute", "review", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("--approve", "Example: tarscli execute review CTX-7", "tarscli --help")
        .doesNotContain("--state-dir", "--progress");
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("--state-dir", "17  in doubt");
  }

  @Test
  void theVersionNamesCommitAndPlatform() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .matches("(?s)tarscli \\S+ \\(commit (\\p{XDigit}{12}|unknown)\\)\nJava .*Linux.*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-id 3 | did you mean: --id",
        "execute monitor --timeout abc | 'abc' is no number",
        "execute review 2 --approve --reject | error[TARS-USAGE]: --approve, --reject are",
        "execute review 2 --comment x --state-dir /nowhere/at/all -w /etc/passwd | is a file"
      })
  void aWrongWordIsAnsweredInWords(String typed, String answer) {
    assertThat(run(typed.split(" "))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(answer.strip());
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(args, new Console(out, err));
  }
}
