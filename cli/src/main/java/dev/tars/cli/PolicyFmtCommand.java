package dev.tars.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.Formatted;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy fmt}. */
@Command(
    name = "fmt",
    description = "Lay a policy out in one way; comments and meaning stay.",
    footer = "Exit status: 0 done or nothing to do, 21 with --check and something to do.")
final class PolicyFmtCommand implements Callable<Integer> {
  private final Cli cli;

  @Parameters(paramLabel = "FILE", description = "The policy file.")
  private Path file = Path.of("");

  @Option(names = "--check", description = "Only say whether it is laid out; change nothing.")
  private boolean check;

  PolicyFmtCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    Formatted formatted = cli.policyTools().format(file);
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-fmt/v1");
    document.put("file", file.toString()).put("unchanged", formatted.unchanged());
    document.put("written", !check && !formatted.unchanged());
    if (!check && !formatted.unchanged()) {
      formatted.save();
    }
    String what =
        formatted.unchanged() ? "is laid out" : check ? "would change" : "is laid out now";
    cli.result(List.of(Escape.line(file.toString()) + " " + what), document);
    return check && !formatted.unchanged() ? FailureCode.CHANGES.exitCode() : 0;
  }
}
