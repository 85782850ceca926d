package dev.tars.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The top command. */
@Command(
    name = "tarscli",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Runs untrusted improvements in throwaway containers; promotes only what is proven.")
final class Tarscli implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private final GlobalOptions global = new GlobalOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  Tarscli() {}

  GlobalOptions global() {
    return global;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
