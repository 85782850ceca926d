package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.decisions.Certainty;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Enforcer;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.sandbox.EgressTable;
import dev.tars.runner.sandbox.NetworkUse;
import dev.tars.runner.sandbox.NetworkedSandbox;
import dev.tars.runner.sandbox.Sandbox;
import java.util.List;

/** The network of one phase of a run. What was asked for is on record when it is closed. */
final class RunNetwork implements AutoCloseable {
  private static final int MOST_NOTES = 10;

  private final RunContext context;
  private final NetworkPhase phase;
  private final NetworkedSandbox.Opened opened;

  private RunNetwork(RunContext context, NetworkPhase phase, NetworkedSandbox.Opened opened) {
    this.context = context;
    this.phase = phase;
    this.opened = opened;
  }

  /** Begins to open what the policy allows; nothing is made where it allows nothing. */
  static RunNetwork open(
      Workbench bench, RunContext context, EffectivePolicy policy, NetworkPhase phase) {
    EgressTable open = EgressTable.of(policy, phase);
    EgressTable table =
        policy.network().opens(phase)
            ? policy.upstream().map(u -> open.authorized(ProxyCredentials.of(u))).orElse(open)
            : open;
    return new RunNetwork(
        context, phase, NetworkedSandbox.open(bench.sandbox(), table, context.id().text()));
  }

  /** Runs the boxes of this phase. */
  Sandbox sandbox() {
    return opened.sandbox();
  }

  @Override
  public void close() {
    opened.close();
    NetworkedSandbox.Used used = opened.used().get();
    List<NetworkUse> uses = used.uses();
    if (!used.crossed().isEmpty()) {
      context.event(new ContextEvent.Note(Told.plain("network: " + used.crossed())));
    }
    if (!uses.isEmpty()) {
      uses.forEach(this::decided);
      uses.stream().filter(use -> !use.vote().allows()).limit(MOST_NOTES).forEach(this::note);
      context
          .dir()
          .write("network-" + phase.word() + ".json", Bytes.utf8(json(used).toString()).toArray());
    }
  }

  private void decided(NetworkUse use) {
    RuleMatch match = RuleMatch.of(use.vote());
    Decision decision = new Decision(match.effect(), List.of(match), List.of());
    Request request = new Request.Connect(use.host(), use.port(), phase, use.method());
    for (long i = 0; i < use.count(); i++) {
      var _ =
          context
              .decisions()
              .add(
                  request,
                  decision,
                  new DecisionRecord.Made(Enforcer.PROXY, Certainty.OBSERVED, ""));
    }
  }

  private void note(NetworkUse use) {
    Told rule = RuleMatch.of(use.vote()).told().map(Escape::line);
    String refused =
        "network: %s:%d was refused %d times by "
            .formatted(Escape.line(use.host()), use.port(), use.count());
    context.event(
        new ContextEvent.Note(
            rule.map(
                by -> refused + by + "; see `tarscli policy learn --from " + context.id() + "`")));
  }

  private ObjectNode json(NetworkedSandbox.Used used) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.network/v1");
    node.put("phase", phase.word()).put("crossed", used.crossed());
    ArrayNode connections = node.putArray("connections");
    for (NetworkUse use : used.uses()) {
      ObjectNode one = connections.addObject();
      one.put("host", use.host()).put("port", use.port());
      use.method().ifPresent(method -> one.put("method", method));
      one.put("effect", use.vote().allows() ? "allow" : "deny").put("rule", use.vote().rule());
      one.put("at", use.vote().at().toString()).put("reason", use.vote().reason());
      one.put("count", use.count()).put("sent", use.sent()).put("received", use.received());
      use.addresses().forEach(one.putArray("addresses")::add);
    }
    return node;
  }
}
