package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.Explanation;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.model.Escape;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import java.util.List;

/** Decisions on the screen: the deciding rule first, then every other that matched. */
final class CheckView {
  private CheckView() {}

  static void one(Cli cli, Request request, Decision decision) {
    if (cli.global().json()) {
      ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "tars.decision/v1");
      document.set("request", Requests.json(request));
      DecisionRecord.decisionInto(document, decision);
      cli.json(document);
      return;
    }
    lines(cli, request, decision);
  }

  static void plan(Cli cli, List<DecisionRecord> decisions) {
    if (cli.global().json()) {
      ObjectNode document =
          JsonNodeFactory.instance.objectNode().put("schema", "tars.plan-check/v1");
      document.put("decision", DecisionRecord.word(strictest(decisions)));
      ArrayNode all = document.putArray("decisions");
      decisions.forEach(d -> all.add(d.json()));
      cli.json(document);
      return;
    }
    decisions.forEach(d -> lines(cli, d.request(), d.decision()));
    cli.out().println(DecisionRecord.word(strictest(decisions)));
  }

  static Effect strictest(List<DecisionRecord> decisions) {
    return decisions.stream().map(d -> d.decision().effect()).reduce(Effect.ALLOW, Effect::and);
  }

  private static void lines(Cli cli, Request request, Decision decision) {
    cli.out().println(DecisionRecord.word(decision.effect()) + "  " + Requests.line(request));
    decision.matches().forEach(m -> cli.out().println("  " + Explanation.line(m)));
    if (!decision.approvals().isEmpty()) {
      cli.out().println("  = approval: " + Escape.line(String.join(", ", decision.approvals())));
    }
    String fix = decision.deciding().fix();
    if (!fix.isEmpty()) {
      cli.out().println("  = fix: " + Escape.line(fix));
    }
  }
}
