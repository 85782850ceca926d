package dev.tars.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code policy schema}. */
@Command(name = "schema", description = "Print a JSON Schema, for editors.")
final class PolicySchemaCommand implements Callable<Integer> {
  private final Cli cli;

  @Parameters(
      arity = "0..1",
      defaultValue = "policy",
      paramLabel = "KIND",
      description = "policy, policytest or improvement (default: policy).")
  private String kind = "policy";

  PolicySchemaCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    cli.out().print(cli.policyTools().schema(kind));
    return 0;
  }
}
