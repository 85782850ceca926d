package dev.tars.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.model.Escape;

/** What a rollback did, or would do, path by path. */
final class RollbackView {
  private RollbackView() {}

  static void show(Cli cli, JsonNode document) {
    String transaction = document.path("transaction").asText("");
    cli.out()
        .println(
            transaction.isEmpty()
                ? document.path("contextId").asText() + ": rollback preview, nothing was changed"
                : document.path("contextId").asText() + ": rolled back by " + transaction);
    document
        .path("paths")
        .forEach(p ->
            cli.out()
                .printf(
                    "  %-9s %s%s%n",
                    p.path("action").asText(),
                    Escape.line(p.path("path").asText()),
                    p.path("note").asText("").isEmpty()
                        ? ""
                        : " – " + Escape.line(p.path("note").asText())));
    String next = document.path("next").asText("");
    if (!next.isEmpty()) {
      cli.out().println("  next: " + Escape.line(next));
    }
  }
}
