package dev.tars.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute diff}. */
@Command(
    name = "diff",
    description = {
      "The change set as a patch that `git apply` takes.",
      "On a terminal it is escaped for reading; redirected, it is exact."
    },
    footer = {"", "Example: tarscli execute diff CTX-7 | git apply"})
final class DiffCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(names = "--stat", description = "Only the paths and how much of each changed.")
  private boolean stat;

  DiffCommand(Cli cli) {
    this.cli = cli;
  }

  /** The patch is text where it is UTF-8; else only its bytes say what it is. */
  private ObjectNode document(Contexts contexts) throws IOException {
    String id = contexts.dir(context.orLast()).id().text();
    ByteArrayOutputStream patch = new ByteArrayOutputStream();
    contexts.diff(id, patch);
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "tars.diff/v1");
    document
        .put("contextId", id)
        .put("changeSet", ChangeSets.digest(contexts.changes(id)).toString());
    byte[] bytes = patch.toByteArray();
    String text = new String(bytes, StandardCharsets.UTF_8);
    return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
        ? document.put("patch", text)
        : document.put("patchBase64", bytes);
  }

  @Override
  public Integer call() throws IOException {
    String contextId = context.orLast();
    try (SandboxRunner runner = cli.anywhere()) {
      if (!stat && cli.global().json()) {
        cli.json(document(runner.contexts()));
        return 0;
      }
      if (!stat) {
        try (OutputStream out =
            cli.onTerminal() || cli.paint().on()
                ? SafeText.patch(cli.out(), cli.paint())
                : cli.out()) {
          runner.contexts().diff(contextId, out);
        }
        return 0;
      }
      ChangeSet changes = runner.contexts().changes(contextId);
      if (cli.global().json()) {
        cli.json(ChangeSets.toJson(changes));
        return 0;
      }
      new FileTable(runner.contexts().files(contextId), List.of())
          .lines(cli.paint())
          .forEach(cli.out()::println);
      return 0;
    }
  }
}
