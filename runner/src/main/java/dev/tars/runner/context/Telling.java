package dev.tars.runner.context;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.util.Optional;

/**
 * What the one who runs a command is told of the decisions of a run: all of it, or of the policy no
 * more than the ids of its rules. Everything that leaves the runner goes through it; what is kept
 * in the state directory is always whole.
 */
public final class Telling {
  /** For the runner itself. */
  static final Telling WHOLE = new Telling(false);

  private static final Telling BRIEFLY = new Telling(true);

  private final boolean brief;

  private Telling(boolean brief) {
    this.brief = brief;
  }

  /** For the user of a run that begins. */
  public static Telling of(EffectivePolicy policy, String reader) {
    return of(keep(policy), Optional.of(reader));
  }

  /**
   * For a user who looks at a run: its own policy says who is a program, not the one of now.
   *
   * @param reader empty for the runner itself
   */
  static Telling of(Origin.Explain explain, Optional<String> reader) {
    boolean whole =
        reader.isEmpty()
            || (explain.names().contains(reader.get()) ? explain.agents() : explain.people());
    return whole ? WHOLE : BRIEFLY;
  }

  /** What a context keeps of the policy, for those who look at it later. */
  public static Origin.Explain keep(EffectivePolicy policy) {
    return new Origin.Explain(
        policy.explain().people(), policy.explain().agents(), policy.approval().agents());
  }

  public boolean isBrief() {
    return brief;
  }

  /** The record as this reader is told it. */
  public ContextRecord tell(ContextRecord record) {
    return brief ? ContextCodec.read(JsonFields.of(told(ContextCodec.write(record)))) : record;
  }

  /** The verdict as this reader is told it. */
  public JudgedVerdict tell(JudgedVerdict judged) {
    ObjectNode kept = EvidenceJson.verdict(judged.verdict(), judged.isolation(), judged.missing());
    return brief ? EvidenceJson.verdict(JsonFields.of(told(kept))) : judged;
  }

  /** The event as this reader is told it. */
  public ContextEvent tell(ContextEvent event) {
    return brief && !(event.what() instanceof ContextEvent.Unreadable)
        ? EventCodec.read(JsonFields.of(told(EventCodec.write(event))))
        : event;
  }

  /** The change set as this reader is told it. */
  public ChangeSet tell(ChangeSet changeSet) {
    return brief ? ChangeSets.fromJson(told(ChangeSets.toJson(changeSet))) : changeSet;
  }

  /** The one rule of it: what is kept has beside each text what it is for a brief reader. */
  private static ObjectNode told(ObjectNode kept) {
    Told.settle(kept, true);
    return kept;
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
