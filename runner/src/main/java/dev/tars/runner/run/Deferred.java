package dev.tars.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import java.util.ArrayList;
import java.util.List;

/** Notifications that wait for the approval, kept in the context until it is given. */
final class Deferred {
  private static final String FIELD = "notifications";

  private Deferred() {}

  static void keep(List<Step> steps, RunContext context) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Step step : steps) {
      if (step.action() instanceof StepAction.Notify notify) {
        all.addObject()
            .put("step", step.id())
            .put("channel", notify.channel())
            .put("message", notify.message())
            .put("mayFail", step.onFailure() == Step.OnFailure.CONTINUE);
      }
    }
    if (!all.isEmpty()) {
      context.edit().set(FIELD, all);
    }
  }

  /**
   * Sends them, each once.
   *
   * @throws RunnerException if one cannot be sent whose failure ends the plan
   */
  static void send(RunContext context, Notices notices) {
    List<JsonNode> waiting = new ArrayList<>();
    context.document().path(FIELD).forEach(waiting::add);
    for (int i = 0; i < waiting.size(); i++) {
      JsonNode one = waiting.get(i);
      try {
        notices.send(
            one.path("step").asText(),
            new StepAction.Notify(one.path("channel").asText(), one.path("message").asText()));
      } catch (RunnerException e) {
        if (!one.path("mayFail").asBoolean()) {
          throw e;
        }
        context.event(
            "note",
            JsonNodeFactory.instance.objectNode().put("text", String.valueOf(e.getMessage())));
      }
      ArrayNode left = context.edit().putArray(FIELD);
      waiting.subList(i + 1, waiting.size()).forEach(left::add);
      context.save();
    }
    context.edit().remove(FIELD);
  }
}
