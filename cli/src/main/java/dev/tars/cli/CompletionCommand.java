package dev.tars.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarscli completion}. */
@Command(
    name = "completion",
    description = {
      "Print what makes a shell complete the words of tarscli.",
      "In zsh the same script; in fish: tarscli completion fish | source"
    },
    footer = {"", "Example: source <(tarscli completion bash)"})
final class CompletionCommand implements Callable<Integer> {
  private final Cli cli;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  /** {@code ZSH} runs bash's functions, which the script loads for it. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  CompletionCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    String script =
        switch (shell) {
          case BASH, ZSH -> AutoComplete.bash("tarscli", cli.commands());
          case FISH -> FishCompletion.of(cli.commands().getCommandSpec());
        };
    cli.out().print(script);
    return 0;
  }
}
