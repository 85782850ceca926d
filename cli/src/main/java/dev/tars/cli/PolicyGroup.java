package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.RuleMatch;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarscli policy …}. */
@Command(name = "policy", description = "Check policies, and ask them.")
final class PolicyGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new CommandLine(new PolicyGroup())
        .addSubcommand("validate", new ValidateCommand(cli))
        .addSubcommand("show", new ShowCommand(cli))
        .addSubcommand("check", new CheckCommand(cli));
  }

  @Command(
      name = "validate",
      description = "Load a policy with all its layers; every problem in one pass.")
  static final class ValidateCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(
        arity = "0..1",
        paramLabel = "FILE",
        description = "A file or builtin:NAME (default: the one in force).")
    private @Nullable String file;

    ValidateCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.open()) {
        EffectivePolicy policy = runner.policy(Optional.ofNullable(file));
        cli.out().println("valid: " + String.join(", ", policy.layers()) + " " + policy.digest());
        return 0;
      }
    }
  }

  @Command(name = "show", description = "What the layers come to.")
  static final class ShowCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(names = "--policy", paramLabel = "FILE", description = "A file or builtin:NAME.")
    private @Nullable String file;

    ShowCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.open()) {
        EffectivePolicy policy = runner.policy(Optional.ofNullable(file));
        if (cli.global().json()) {
          cli.json(policy.canonical());
          return 0;
        }
        cli.out().println("layers     " + String.join(", ", policy.layers()));
        cli.out().println("digest     " + policy.digest());
        cli.out().println("image      " + Escape.line(policy.image()));
        cli.out().println("resources  " + policy.resources());
        cli.out().println("limits     " + policy.changeLimits());
        policy
            .caches()
            .forEach(c -> cli.out().println("cache      " + c.name() + " at " + c.target()));
        policy
            .gates()
            .forEach(g -> cli.out().println("gate       " + g.id() + " (" + g.at() + ")"));
        cli.out().println("approval   " + policy.approval());
        return 0;
      }
    }
  }

  @Command(
      name = "check",
      description = "Ask: write OPERATION PATH, run COMMAND [ARG…], or env NAME.",
      footer = "Exit status: 0 allowed, 11 denied, 12 needs an approval.")
  static final class CheckCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(names = "--policy", paramLabel = "FILE", description = "A file or builtin:NAME.")
    private @Nullable String file;

    @Parameters(
        arity = "2..*",
        paramLabel = "REQUEST",
        description = "For example: write modify pom.xml")
    private List<String> request = List.of();

    CheckCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.open()) {
        Decision decision = decide(runner.policy(Optional.ofNullable(file)));
        show(decision);
        return switch (decision.effect()) {
          case ALLOW -> 0;
          case ASK -> FailureCode.APPROVAL_NEEDED.exitCode();
          case DENY -> FailureCode.POLICY_DENIED.exitCode();
        };
      }
    }

    private Decision decide(EffectivePolicy policy) {
      List<String> rest = request.subList(1, request.size());
      return switch (request.getFirst()) {
        case "run" -> policy.run(rest);
        case "env" -> policy.environment(rest.getFirst());
        case "write" -> {
          if (rest.size() != 2 || !rest.getFirst().matches("create|modify|delete")) {
            throw usage("write takes create, modify or delete, and a path");
          }
          try {
            yield policy.write(
                RelativePath.of(rest.get(1)),
                FileOperation.valueOf(rest.getFirst().toUpperCase(Locale.ROOT)));
          } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
          }
        }
        default -> throw usage("unknown request " + Escape.line(request.getFirst()));
      };
    }

    private static RunnerException usage(String what) {
      return new RunnerException(
          FailureCode.USAGE, what, "write for example: policy check write modify pom.xml");
    }

    private void show(Decision decision) {
      if (cli.global().json()) {
        ObjectNode document =
            JsonNodeFactory.instance.objectNode().put("schema", "tars.decision/v1");
        document.put("decision", decision.effect().name().toLowerCase(Locale.ROOT));
        ArrayNode matches = document.putArray("matches");
        for (RuleMatch match : decision.matches()) {
          matches
              .addObject()
              .put("rule", match.rule())
              .put("layer", match.layer())
              .put("at", match.at().toString())
              .put("effect", match.effect().name().toLowerCase(Locale.ROOT))
              .put("reason", match.reason());
        }
        cli.json(document);
        return;
      }
      cli.out().println(decision.effect().name().toLowerCase(Locale.ROOT));
      for (RuleMatch match : decision.matches()) {
        cli.out()
            .printf(
                "  %-5s %s (%s, %s)%s%n",
                match.effect().name().toLowerCase(Locale.ROOT),
                Escape.line(match.rule()),
                match.layer(),
                match.at(),
                match.reason().isEmpty() ? "" : ": " + Escape.line(match.reason()));
      }
    }
  }
}
