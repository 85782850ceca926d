package dev.tars.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.RunOutcome;
import dev.tars.runner.model.Escape;
import java.io.PrintStream;
import java.util.Locale;

/** A context document for people; as JSON it is printed as it is. */
final class ContextView {
  private final Cli cli;

  ContextView(Cli cli) {
    this.cli = cli;
  }

  /** The document, then the error if there is one; returns the exit status. */
  int show(RunOutcome outcome) {
    show(outcome.document());
    cli.flush();
    outcome.error().ifPresent(e -> cli.err().println(Failures.text(e)));
    return outcome.exitCode();
  }

  void show(JsonNode document) {
    if (cli.global().json()) {
      cli.json(document);
      return;
    }
    PrintStream out = cli.out();
    out.printf(
        "%s  %s  %s%n",
        document.path("contextId").asText(),
        Escape.line(document.path("improvementId").asText()),
        document.path("state").asText());
    change(document.path("changeSet"), out);
    verdict(document.path("verdict"), out);
    approvals(document, out);
    document
        .path("transactions")
        .forEach(t ->
            out.printf(
                "  transaction %s: %s, %s%n", word(t, "id"), word(t, "kind"), word(t, "state")));
    patch(document.path("patch"), out);
    String next = document.path("next").asText("");
    if (!next.isEmpty()) {
      out.println("  next: " + Escape.line(next));
    }
  }

  private static void patch(JsonNode patch, PrintStream out) {
    if (patch.isObject()) {
      out.printf(
          "  patch: %s, %s%n",
          Escape.line(patch.path("file").asText()), brief(patch.path("sha256").asText()));
      patch
          .path("missing")
          .forEach(
              path -> out.println("    a patch does not say all of " + Escape.line(path.asText())));
    }
  }

  private static void change(JsonNode change, PrintStream out) {
    if (change.isObject()) {
      out.printf(
          "  change: %d files, +%d −%d lines, %s%n",
          change.path("files").asInt(),
          change.path("linesAdded").asInt(),
          change.path("linesRemoved").asInt(),
          brief(change.path("digest").asText()));
    }
  }

  private static void verdict(JsonNode verdict, PrintStream out) {
    if (!verdict.isObject()) {
      return;
    }
    out.println("  verdict: " + word(verdict, "result"));
    verdict.path("gates").forEach(gate -> gate(gate, out));
    verdict
        .path("findings")
        .forEach(f ->
            out.printf(
                "    %s %s%s: %s%n",
                word(f, "severity"),
                Escape.line(f.path("rule").asText()),
                place(f),
                Escape.line(f.path("message").asText())));
  }

  private static String place(JsonNode finding) {
    String path = finding.path("path").asText("");
    int line = finding.path("line").asInt(0);
    return path.isEmpty() ? "" : " " + Escape.line(path) + (line > 0 ? ":" + line : "");
  }

  private static void gate(JsonNode gate, PrintStream out) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "    gate %s: %s (%.1f s)",
            Escape.line(gate.path("id").asText()),
            word(gate, "result"),
            gate.path("millis").asLong() / 1000.0));
    JsonNode tests = gate.path("tests");
    if (tests.isObject()) {
      text.append(
          String.format(
              Locale.ROOT,
              ", %d tests, %d failed, %d skipped",
              tests.path("run").asInt(),
              tests.path("failed").asInt(),
              tests.path("skipped").asInt()));
      for (String kind : new String[] {"fixed", "broken", "vanished"}) {
        for (JsonNode name : tests.path(kind)) {
          text.append("\n      ").append(kind).append(": ").append(Escape.line(name.asText()));
        }
      }
    }
    String reason = gate.path("reason").asText("");
    if (!reason.isEmpty()) {
      text.append("\n      ").append(Escape.line(reason));
    }
    out.println(text);
  }

  private static void approvals(JsonNode document, PrintStream out) {
    JsonNode approvals = document.path("approvals");
    if (approvals.path("needed").asInt(0) > 0) {
      out.printf(
          "  approvals: %d of %d%n",
          approvals.path("given").asInt(), approvals.path("needed").asInt());
      approvals.path("rules").forEach(rule -> rule(rule, out));
      approvals.path("reasons").forEach(r -> out.println("    because " + Escape.line(r.asText())));
    }
  }

  private static void rule(JsonNode rule, PrintStream out) {
    String id = rule.path("rule").asText();
    int missing = rule.path("missing").asInt();
    out.printf(
        "    %s: %d from %s; given: %s; %s%n",
        id.isEmpty() ? "anybody's approval" : Escape.line(id),
        rule.path("count").asInt(),
        names(rule.path("from"), "anybody"),
        names(rule.path("given"), "nobody"),
        missing == 0 ? "met" : missing + " missing");
  }

  private static String names(JsonNode list, String none) {
    return list.isEmpty()
        ? none
        : Escape.line(String.join(", ", list.valueStream().map(JsonNode::asText).toList()));
  }

  private static String brief(String digest) {
    return Escape.line(digest.length() > 19 ? digest.substring(0, 19) : digest);
  }

  /** One of our own words, unless somebody wrote another one there. */
  private static String word(JsonNode of, String field) {
    return Escape.line(of.path(field).asText());
  }
}
