package dev.tars.cli;

import dev.tars.runner.HostFiles;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.Escape;
import dev.tars.runner.plan.Improvements;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarscli improve …}: improvements live in {@code .tars/improvements/ID.yaml}. */
@Command(name = "improve", description = "List, show, check, create and import improvements.")
final class ImproveGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new Branch(new ImproveGroup(), cli)
        .add("list", ListCommand.class, ListCommand::new)
        .add("show", ShowCommand.class, ShowCommand::new)
        .add("validate", ValidateCommand.class, ValidateCommand::new)
        .add("create", CreateCommand.class, CreateCommand::new)
        .add("import", ImportCommand.class, ImportCommand::new)
        .line();
  }

  @Command(name = "list", description = "The improvements of the workspace.")
  static final class ListCommand implements Callable<Integer> {
    private final Cli cli;

    ListCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      List<Improvements.Entry> entries = new Improvements(cli.workspace()).list();
      if (cli.global().json()) {
        cli.json(ImproveJson.list(entries));
        return 0;
      }
      if (entries.isEmpty()) {
        cli.note("no improvements: make one with `tarscli improve create` or `improve import`");
      }
      entries.forEach(
          e -> cli.out().printf("%-24s %s%n", Escape.line(e.id()), Escape.line(e.title())));
      return 0;
    }
  }

  @Command(
      name = "show",
      description = "One improvement: what it says about itself, and its steps.")
  static final class ShowCommand implements Callable<Integer> {
    private static final int WIDTH = 66;

    private final Cli cli;

    @Option(
        names = "--id",
        required = true,
        paramLabel = "ID",
        description = "The improvement's id.")
    private String id = "";

    @Option(names = "--plan", paramLabel = "FILE", description = "The improvement file.")
    private @Nullable Path plan;

    ShowCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      Plan loaded = load(cli, id, plan);
      if (cli.global().json()) {
        cli.json(ImproveJson.plan(loaded));
        return 0;
      }
      cli.out()
          .println(Escape.line(loaded.id()) + "  " + Escape.line(loaded.description().title()));
      cli.out().println("  digest " + loaded.digest());
      for (Step step : loaded.steps()) {
        cli.out().printf("  %-20s %s%n", Escape.line(step.id()), step.type().id());
        if (step.action() instanceof StepAction.RunCommand run) {
          command(run);
        }
      }
      return 0;
    }

    /**
     * All of it, in lines that no terminal breaks, so that no padding pushes its end out of view.
     */
    private void command(StepAction.RunCommand run) {
      String command = Escape.argv(run.argv());
      for (int at = 0; at < command.length(); at += WIDTH) {
        String part = command.substring(at, Math.min(at + WIDTH, command.length()));
        cli.out().println("      |" + part + "|");
      }
      if (command.length() > WIDTH) {
        cli.out().println("      = " + command.length() + " characters in one command");
      }
      run.env()
          .forEach((name, value) ->
              cli.out().println("      " + Escape.line(name) + "=" + Escape.line(value)));
    }
  }

  @Command(name = "validate", description = "Check an improvement without running it.")
  static final class ValidateCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(
        names = "--id",
        required = true,
        paramLabel = "ID",
        description = "The improvement's id.")
    private String id = "";

    @Option(names = "--plan", paramLabel = "FILE", description = "The improvement file.")
    private @Nullable Path plan;

    ValidateCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      Plan loaded = load(cli, id, plan);
      if (cli.global().json()) {
        cli.json(ImproveJson.plan(loaded));
      } else {
        cli.out()
            .println(Escape.line(loaded.id()) + ": valid, " + loaded.steps().size() + " steps");
      }
      return 0;
    }
  }

  @Command(
      name = "create",
      description = "Make an improvement with one command step.",
      customSynopsis = "tarscli improve create --id ID --title TITLE -- COMMAND [ARG…]")
  static final class CreateCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(names = "--id", required = true, paramLabel = "ID", description = "The new id.")
    private String id = "";

    @Option(
        names = "--title",
        required = true,
        paramLabel = "T",
        description = "One line for people.")
    private String title = "";

    @Parameters(arity = "1..*", paramLabel = "ARGV", description = "The command and its arguments.")
    private List<String> argv = List.of();

    CreateCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      Path file = new Improvements(cli.workspace()).create(id, title, argv);
      cli.result(List.of(Escape.line(file.toString())), ImproveJson.made(id, file));
      return 0;
    }
  }

  @Command(name = "import", description = "Make an improvement from a unified diff.")
  static final class ImportCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(names = "--id", required = true, paramLabel = "ID", description = "The new id.")
    private String id = "";

    @Option(
        names = "--patch",
        required = true,
        paramLabel = "FILE",
        description = "A git-style or plain unified diff.")
    private Path patch = Path.of("");

    @Option(
        names = "--title",
        paramLabel = "T",
        description = "One line for people (default: the patch's name).")
    private @Nullable String title;

    ImportCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      String named = title != null ? title : "Import of " + patch.getFileName();
      Path file =
          new Improvements(cli.workspace())
              .importPatch(id, named, patch, new HostFiles(cli.workspace()));
      cli.result(List.of(Escape.line(file.toString())), ImproveJson.made(id, file));
      return 0;
    }
  }

  private static Plan load(Cli cli, String id, @Nullable Path plan) {
    try (SandboxRunner runner = cli.open()) {
      return runner.plan(id, java.util.Optional.ofNullable(plan));
    }
  }
}
