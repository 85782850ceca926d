package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute status}. */
@Command(name = "status", description = "Show one context, or list all of this state directory.")
final class StatusCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(names = "--context-id", paramLabel = "CTX", description = "CTX-<n> or last.")
  private @Nullable String contextId;

  @Option(names = "--detail", description = "Also the steps and events.")
  private boolean detail;

  StatusCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.anywhere()) {
      runner.banner().ifPresent(cli::note);
      if (contextId == null) {
        List<Contexts.Damaged> damaged = new ArrayList<>();
        list(runner.contexts().all(damaged::add), damaged);
        return damaged.isEmpty() ? 0 : FailureCode.INTEGRITY.exitCode();
      }
      new ContextView(cli).show(runner.contexts().record(contextId));
      if (detail && !cli.global().json()) {
        runner.contexts().events(contextId, 0, e -> cli.out().println("  " + Events.dated(e)));
      }
      return 0;
    }
  }

  private void list(List<ContextRecord> records, List<Contexts.Damaged> damaged) {
    if (cli.global().json()) {
      ObjectNode all = JsonNodeFactory.instance.objectNode().put("schema", "tars.contexts/v1");
      ArrayNode contexts = all.putArray("contexts");
      records.forEach(record -> contexts.add(ContextCodec.print(record)));
      ArrayNode unreadable = all.putArray("damaged");
      damaged.forEach(
          d -> unreadable.add(Failures.document(d.why()).put("contextId", d.id().text())));
      cli.json(all);
      cli.flush();
      damaged.forEach(d -> cli.err().println(Failures.text(d.why())));
      return;
    }
    if (records.isEmpty() && damaged.isEmpty()) {
      cli.note("no contexts yet: run `tarscli execute improvement --id ID`");
    }
    records.forEach(r ->
        cli.out()
            .printf(
                "%-8s %-20s %-20s %s%n",
                r.id(),
                r.state().id(),
                Escape.line(r.origin().improvement().id()),
                Escape.line(r.origin().place().workspace())));
    damaged.forEach(d -> cli.out().printf("%-8s damaged%n", d.id()));
    cli.flush();
    damaged.forEach(d -> cli.err().println(Failures.text(d.why())));
  }
}
