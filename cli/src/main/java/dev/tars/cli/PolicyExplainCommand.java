package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.Explanation;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code policy explain}. */
@Command(
    name = "explain",
    description = "Why a run was denied or asked: which rules, what would change it, who may.")
final class PolicyExplainCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--context-id",
      required = true,
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private String contextId = "";

  @ArgGroup private Which which = new Which();

  /** At most one of them. */
  static final class Which {
    @Option(names = "--last", description = "Only the last decision that was not 'allow'.")
    private boolean last;

    @Option(names = "--seq", paramLabel = "N", description = "Only this record.")
    private @Nullable Long seq;

    @Option(names = "--all", description = "Also what was allowed.")
    private boolean all;
  }

  PolicyExplainCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    List<Explanation> all = cli.policyTools().explain(contextId);
    List<Explanation> chosen = choose(all);
    ObjectNode document =
        JsonNodeFactory.instance.objectNode().put("schema", "tars.explanations/v1");
    ArrayNode explanations = document.putArray("explanations");
    List<String> lines = new ArrayList<>();
    for (Explanation one : chosen) {
      explanations.add(one.json());
      lines.addAll(one.lines());
    }
    cli.result(lines, document);
    long allowed = all.stream().filter(e -> e.record().decision().effect() == Effect.ALLOW).count();
    cli.note(
        all.size()
            + " distinct decisions, "
            + allowed
            + " of them allowed"
            + (chosen.isEmpty() ? "; see them with --all" : ""));
    return 0;
  }

  private List<Explanation> choose(List<Explanation> all) {
    if (which.seq != null) {
      List<Explanation> one = all.stream().filter(e -> e.record().seq() == which.seq).toList();
      if (one.isEmpty()) {
        throw new RunnerException(
            FailureCode.NOT_FOUND,
            "there is no decision " + which.seq,
            "see all of them with --all");
      }
      return one;
    }
    if (which.all) {
      return all;
    }
    List<Explanation> refused =
        all.stream()
            .filter(e -> e.record().decision().effect() != Effect.ALLOW && !e.record().isOmission())
            .toList();
    return which.last && !refused.isEmpty() ? List.of(refused.getLast()) : refused;
  }
}
