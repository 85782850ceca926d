package dev.tars.cli;

import dev.tars.runner.admin.Learned;
import dev.tars.runner.admin.PolicyTools;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code policy learn}. */
@Command(
    name = "learn",
    description = "The smallest addition that would have cleared the denials of these runs.",
    footer = "Exit status: 0 something was learned or nothing was denied, 11 nothing may be added.")
final class PolicyLearnCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--from",
      required = true,
      arity = "1..*",
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private List<String> contexts = List.of();

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The policy to extend (default: the one that the runs had).")
  private @Nullable String policy;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the new policy to a file that is not there yet.")
  private @Nullable Path output;

  PolicyLearnCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    PolicyTools tools = cli.policyTools();
    Learned learned = tools.learn(contexts, Optional.ofNullable(policy));
    boolean nothing = learned.policy().isEmpty();
    if (cli.global().json()) {
      cli.json(learned.json());
    } else if (output == null) {
      cli.out().print(learned.policy());
    }
    if (output != null && !nothing) {
      tools.write(output, learned.policy());
      cli.note("wrote " + Escape.line(output.toString()));
    }
    for (Learned.Refused refused : learned.refused()) {
      cli.note(
          "not learned: "
              + refused.denied()
              + " "
              + Requests.line(refused.denied().record().request())
              + ": "
              + refused.why());
    }
    cli.note(
        nothing && learned.refused().isEmpty()
            ? "nothing was denied, so there is nothing to learn"
            : learned.cleared()
                + " denials cleared, seen by replaying them; "
                + learned.refused().size()
                + " stay");
    return nothing && !learned.refused().isEmpty() ? FailureCode.POLICY_DENIED.exitCode() : 0;
  }
}
