package dev.tars.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.expression.Facts;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.ExplainRules;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the one who runs a command is told of the decisions of a run: all of it, or of the policy no
 * more than the ids of its rules. Everything that leaves the runner goes through it; what is kept
 * in the state directory is always whole.
 */
public final class Telling {
  /** For the runner itself. */
  static final Telling WHOLE = new Telling(false);

  private final boolean brief;

  private Telling(boolean brief) {
    this.brief = brief;
  }

  /** For the user of a run that begins. */
  public static Telling of(EffectivePolicy policy, String reader) {
    ExplainRules rules = policy.explain();
    boolean agent = RunFacts.actor(reader, policy).kind() == Facts.Actor.Kind.AGENT;
    return new Telling(!(agent ? rules.agents() : rules.people()));
  }

  /**
   * For a user who looks at a run: its own policy says who is a program, not the one of now.
   *
   * @param reader empty for the runner itself
   */
  static Telling of(JsonNode document, Optional<String> reader) {
    if (reader.isEmpty()) {
      return WHOLE;
    }
    JsonNode explain = document.path("explain");
    boolean agent =
        explain.path("agents").valueStream().anyMatch(a -> a.asText().equals(reader.get()));
    String told = explain.path(agent ? "toAgents" : "toPeople").asText("full");
    return new Telling(!told.equals("full"));
  }

  /** What a context keeps of the policy, for those who look at it later. */
  static ObjectNode keep(EffectivePolicy policy) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("toPeople", word(policy.explain().people()));
    node.put("toAgents", word(policy.explain().agents()));
    new TreeSet<>(policy.approval().agents()).forEach(node.putArray("agents")::add);
    node.putObject("brief").putArray("agents");
    return node;
  }

  private static String word(boolean full) {
    return full ? "full" : "rule-id";
  }

  public boolean isBrief() {
    return brief;
  }

  /** A copy of a document or event as this reader is told it. */
  public ObjectNode tell(ObjectNode document) {
    ObjectNode told = document.deepCopy();
    Told.settle(told, brief);
    return told;
  }

  public RunnerException tell(RunnerException e) {
    return brief ? e.briefly() : e;
  }

  /** Passes on what a run says while it goes on. */
  public RunContext.EventListener to(RunContext.EventListener listener) {
    return event -> listener.onEvent(tell(event));
  }

  /**
   * For what is about nothing but what a policy says, or would have to.
   *
   * @throws RunnerException POLICY_DENIED for who is told briefly
   */
  public void requireWhole(String what, String context) {
    if (brief) {
      throw new RunnerException(
          FailureCode.POLICY_DENIED,
          "the policy of " + context + " does not let you be told " + what,
          "ask somebody whom the policy lets be told; `tarscli policy explain` names the rules");
    }
  }
}
