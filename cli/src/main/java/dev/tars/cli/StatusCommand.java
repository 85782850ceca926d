package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.model.FailureCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute status}. */
@Command(
    name = "status",
    description = "Show one context, or list all of this state directory, waiting ones first.",
    footer = {"", "Example: tarscli execute status --state awaiting-approval"})
final class StatusCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(names = "--detail", description = "With CTX: also its events.")
  private boolean detail;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "Only contexts in these states, for example awaiting-approval,promoted.")
  private List<String> states = List.of();

  @Option(names = "--here", description = "Only contexts of this workspace.")
  private boolean here;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "30",
      description = "At most so many as text, 0 for all (default: 30).")
  private int limit;

  StatusCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.anywhere()) {
      runner.banner().ifPresent(cli::note);
      Optional<String> id = context.given();
      if (id.isEmpty()) {
        List<Contexts.Damaged> damaged = new ArrayList<>();
        list(wanted(runner.contexts().all(damaged::add)), damaged);
        return damaged.isEmpty() ? 0 : FailureCode.INTEGRITY.exitCode();
      }
      new ContextView(cli).show(runner.contexts().record(id.get()));
      if (detail && !cli.global().json()) {
        runner.contexts().events(id.get(), 0, e -> cli.out().println("  " + Events.dated(e)));
      }
      return 0;
    }
  }

  private List<ContextRecord> wanted(List<ContextRecord> all) {
    String workspace = cli.workspace().toString();
    return all.stream()
        .filter(StatusList.inStates(states))
        .filter(record -> !here || record.origin().place().workspace().equals(workspace))
        .toList();
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
    } else if (records.isEmpty() && damaged.isEmpty()) {
      cli.note(
          states.isEmpty() && !here
              ? "no contexts yet: run `tarscli execute improvement --id ID`"
              : "no such contexts; `tarscli execute status` lists all");
    } else {
      table(records, damaged);
    }
    cli.flush();
    damaged.forEach(d -> cli.error(d.why()));
  }

  private void table(List<ContextRecord> records, List<Contexts.Damaged> damaged) {
    List<ContextRecord> ordered = StatusList.ordered(records);
    int shown = limit == 0 ? ordered.size() : Math.min(limit, ordered.size());
    new StatusList(cli.paint(), Instant.now())
        .lines(ordered.subList(0, shown), damaged)
        .forEach(cli.out()::println);
    if (shown < ordered.size()) {
      cli.out().println((ordered.size() - shown) + " more: --limit 0 shows all");
    }
  }
}
