package dev.tars.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tarscli policy …}. */
@Command(name = "policy", description = "Write, check, test, compare and explain policies.")
final class PolicyGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new CommandLine(new PolicyGroup())
        .addSubcommand("init", new PolicyInitCommand(cli))
        .addSubcommand("validate", new PolicyValidateCommand(cli))
        .addSubcommand("show", new PolicyShowCommand(cli))
        .addSubcommand("check", PolicyCheckGroup.create(cli))
        .addSubcommand("explain", new PolicyExplainCommand(cli))
        .addSubcommand("test", new PolicyTestCommand(cli))
        .addSubcommand("diff", new PolicyDiffCommand(cli))
        .addSubcommand("impact", new PolicyImpactCommand(cli))
        .addSubcommand("learn", new PolicyLearnCommand(cli))
        .addSubcommand("fmt", new PolicyFmtCommand(cli))
        .addSubcommand("schema", new PolicySchemaCommand(cli));
  }
}
