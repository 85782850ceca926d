package dev.tars.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command and its subcommands, of which only those are built that the command line can mean: the
 * options of forty commands, read by reflection, take longer than most of them run. Where help or
 * suggestions are printed, the others are there by name and description.
 */
final class Branch {
  private final CommandLine line;
  private final Cli cli;

  Branch(Object parent, Cli cli) {
    this.line = new CommandLine(parent);
    this.cli = cli;
  }

  /**
   * Adds a subcommand.
   *
   * @param type the class of the command, which has its description
   * @param command makes the command; asked only if the name is among the words of the command line
   */
  Branch add(String name, Class<?> type, Function<Cli, Object> command) {
    if (cli.words().has(name)) {
      line.addSubcommand(name, command.apply(cli));
    } else if (cli.words().listed()) {
      line.addSubcommand(name, described(name, type));
    }
    return this;
  }

  CommandLine line() {
    return line;
  }

  private static CommandSpec described(String name, Class<?> type) {
    CommandSpec spec = CommandSpec.create().name(name);
    Command command = type.getAnnotation(Command.class);
    if (command != null) {
      spec.usageMessage().description(command.description());
    }
    return spec;
  }
}
