package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.net.NetworkPhase;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code policy check …}: asks the policy in force, as a run would. */
@Command(
    name = "check",
    description = "Ask the policy that a run would have.",
    footer = "Exit status: 0 allowed, 11 denied, 12 needs an approval.")
final class PolicyCheckGroup extends GroupCommand {
  @Option(
      names = "--policy",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "A file or builtin:NAME (default: the one that a run would use).")
  private @Nullable String policy;

  static CommandLine create(Cli cli) {
    PolicyCheckGroup group = new PolicyCheckGroup();
    return new Branch(group, cli)
        .add("write", WriteCommand.class, c -> new WriteCommand(c, group))
        .add("read", ReadCommand.class, c -> new ReadCommand(c, group))
        .add("run", RunCommand.class, c -> new RunCommand(c, group))
        .add("connect", ConnectCommand.class, c -> new ConnectCommand(c, group))
        .add("env", EnvCommand.class, c -> new EnvCommand(c, group))
        .add("plan", PlanCommand.class, c -> new PlanCommand(c, group))
        .line();
  }

  private int ask(Cli cli, Function<SandboxRunner, Request> request) {
    try (SandboxRunner runner = cli.anywhere()) {
      Request asked = request.apply(runner);
      Decision decision = new Decider(runner.policy(Optional.ofNullable(policy))).decide(asked);
      CheckView.one(cli, asked, decision);
      return exit(decision.effect());
    }
  }

  private static int exit(Effect effect) {
    return switch (effect) {
      case ALLOW -> 0;
      case ASK -> FailureCode.APPROVAL_NEEDED.exitCode();
      case DENY -> FailureCode.POLICY_DENIED.exitCode();
    };
  }

  private static RelativePath path(String text) {
    try {
      return RelativePath.of(text);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()), "write a path below the workspace");
    }
  }

  private static RunnerException usage(String what, String help) {
    return new RunnerException(FailureCode.USAGE, what, help);
  }

  @Command(name = "write", description = "May a change set do this to a path?")
  static final class WriteCommand implements Callable<Integer> {
    private final Cli cli;
    private final PolicyCheckGroup group;

    @Parameters(paramLabel = "PATH", description = "From the root of the workspace.")
    private String path = "";

    @Option(
        names = "--operation",
        paramLabel = "OP",
        description =
            "create, modify or delete (default: modify if the workspace has it, else create).")
    private @Nullable String operation;

    WriteCommand(Cli cli, PolicyCheckGroup group) {
      this.cli = cli;
      this.group = group;
    }

    @Override
    public Integer call() {
      RelativePath asked = PolicyCheckGroup.path(path);
      return group.ask(cli, runner -> new Request.Write(asked, operation(runner, asked)));
    }

    private FileOperation operation(SandboxRunner runner, RelativePath asked) {
      if (operation == null) {
        return runner.exists(asked) ? FileOperation.MODIFY : FileOperation.CREATE;
      }
      if (!operation.matches("create|modify|delete")) {
        throw usage("no such operation", "use create, modify or delete");
      }
      return FileOperation.valueOf(operation.toUpperCase(Locale.ROOT));
    }
  }

  @Command(name = "read", description = "Is a path copied into a box?")
  static final class ReadCommand implements Callable<Integer> {
    private final Cli cli;
    private final PolicyCheckGroup group;

    @Parameters(paramLabel = "PATH", description = "From the root of the workspace.")
    private String path = "";

    ReadCommand(Cli cli, PolicyCheckGroup group) {
      this.cli = cli;
      this.group = group;
    }

    @Override
    public Integer call() {
      RelativePath asked = PolicyCheckGroup.path(path);
      try (SandboxRunner runner = cli.anywhere()) {
        Decision decision = runner.read(runner.policy(Optional.ofNullable(group.policy)), asked);
        CheckView.one(cli, new Request.Read(asked), decision);
        return exit(decision.effect());
      }
    }
  }

  @Command(
      name = "run",
      description = "May a step run this command?",
      customSynopsis = "tarscli policy check run [--policy FILE] -- COMMAND [ARG…]")
  static final class RunCommand implements Callable<Integer> {
    private final Cli cli;
    private final PolicyCheckGroup group;

    @Parameters(arity = "1..*", paramLabel = "ARGV", description = "The command's words.")
    private List<String> argv = List.of();

    RunCommand(Cli cli, PolicyCheckGroup group) {
      this.cli = cli;
      this.group = group;
    }

    @Override
    public Integer call() {
      return group.ask(cli, runner -> new Request.Run(argv));
    }
  }

  @Command(name = "connect", description = "May a box connect to a host?")
  static final class ConnectCommand implements Callable<Integer> {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final Cli cli;
    private final PolicyCheckGroup group;

    @Parameters(paramLabel = "HOST[:PORT]", description = "A name or an address (port: 443).")
    private String target = "";

    @Option(
        names = "--phase",
        defaultValue = "run",
        paramLabel = "P",
        description = "prepare, run or validate (default: run).")
    private String phase = "run";

    @Option(
        names = "--method",
        paramLabel = "M",
        description = "Ask about plain HTTP with this method (port: 80), not about TLS.")
    private Optional<String> method = Optional.empty();

    ConnectCommand(Cli cli, PolicyCheckGroup group) {
      this.cli = cli;
      this.group = group;
    }

    @Override
    public Integer call() {
      NetworkPhase when =
          NetworkPhase.of(phase)
              .orElseThrow(() -> usage("no such phase", "use prepare, run or validate"));
      int colon = target.lastIndexOf(':');
      boolean bare = colon < 0 || (target.indexOf(':') != colon && !target.contains("]:"));
      String host = bare ? target : target.substring(0, colon);
      int port = bare ? method.isPresent() ? HTTP : HTTPS : port(target.substring(colon + 1));
      return group.ask(cli, runner -> new Request.Connect(host, port, when, method));
    }

    private static int port(String text) {
      if (!text.matches("[0-9]{1,9}")) {
        throw usage("not a port", "write HOST:PORT with a port from 1 to 65535");
      }
      return Integer.parseInt(text);
    }
  }

  @Command(name = "env", description = "May a plan set this variable?")
  static final class EnvCommand implements Callable<Integer> {
    private final Cli cli;
    private final PolicyCheckGroup group;

    @Parameters(paramLabel = "NAME", description = "The variable's name.")
    private String name = "";

    EnvCommand(Cli cli, PolicyCheckGroup group) {
      this.cli = cli;
      this.group = group;
    }

    @Override
    public Integer call() {
      return group.ask(cli, runner -> new Request.Env(name));
    }
  }

  @Command(name = "plan", description = "Would the policy let this improvement begin?")
  static final class PlanCommand implements Callable<Integer> {
    private final Cli cli;
    private final PolicyCheckGroup group;

    @Parameters(paramLabel = "FILE", description = "The improvement file.")
    private Path file = Path.of("");

    PlanCommand(Cli cli, PolicyCheckGroup group) {
      this.cli = cli;
      this.group = group;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.anywhere()) {
        List<DecisionRecord> decisions =
            runner.check(runner.plan(file), runner.policy(Optional.ofNullable(group.policy)));
        CheckView.plan(cli, decisions);
        return exit(CheckView.strictest(decisions));
      }
    }
  }
}
