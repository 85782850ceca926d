package dev.tars.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tarscli policy …}. */
@Command(name = "policy", description = "Write, check, test, compare and explain policies.")
final class PolicyGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new Branch(new PolicyGroup(), cli)
        .add("init", PolicyInitCommand.class, PolicyInitCommand::new)
        .add("validate", PolicyValidateCommand.class, PolicyValidateCommand::new)
        .add("show", PolicyShowCommand.class, PolicyShowCommand::new)
        .add("check", PolicyCheckGroup.class, PolicyCheckGroup::create)
        .add("explain", PolicyExplainCommand.class, PolicyExplainCommand::new)
        .add("test", PolicyTestCommand.class, PolicyTestCommand::new)
        .add("diff", PolicyDiffCommand.class, PolicyDiffCommand::new)
        .add("impact", PolicyImpactCommand.class, PolicyImpactCommand::new)
        .add("learn", PolicyLearnCommand.class, PolicyLearnCommand::new)
        .add("fmt", PolicyFmtCommand.class, PolicyFmtCommand::new)
        .add("schema", PolicySchemaCommand.class, PolicySchemaCommand::new)
        .line();
  }
}
