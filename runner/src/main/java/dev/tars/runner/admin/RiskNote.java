package dev.tars.runner.admin;

import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.FileOperation;
import java.util.List;
import java.util.Set;

/** How risky it is to allow something; the built-in policy {@code standard} is the yardstick. */
public record RiskNote(Level level, String note) {
  private static final Set<String> INTERPRETERS =
      Set.of(
          "sh", "bash", "dash", "zsh", "python", "python3", "perl", "node", "ruby", "env", "xargs");

  /** From harmless to dangerous. */
  public enum Level {
    LOW,
    MEDIUM,
    HIGH
  }

  static RiskNote of(Request request, Decider standard) {
    return switch (request) {
      case Request.Write w -> write(w, standard.decide(w));
      case Request.Run r -> run(r.argv());
      case Request.Env e -> env(standard.decide(e));
      case Request.Connect c -> new RiskNote(Level.HIGH, "what is in the box can leave it");
      case Request.Read r ->
          new RiskNote(Level.MEDIUM, "what a box sees, the change and its output may show");
      case Request.Scratch s ->
          write(new Request.Write(s.path(), FileOperation.CREATE), standard.decide(s));
      case Request.File f -> new RiskNote(Level.MEDIUM, "a kind of file that was not foreseen");
      case Request.Limit l -> new RiskNote(Level.MEDIUM, "a larger change is harder to review");
      case Request.Content c -> new RiskNote(Level.HIGH, "content that misleads reviewers");
      case Request.Gate g -> new RiskNote(Level.HIGH, "an unproven change");
    };
  }

  private static RiskNote write(Request.Write request, Decision standard) {
    String why = standard.deciding().reason();
    return switch (standard.effect()) {
      case DENY ->
          new RiskNote(
              Level.HIGH, "builtin:standard denies it" + (why.isEmpty() ? "" : ": " + why));
      case ASK ->
          new RiskNote(
              Level.MEDIUM, "builtin:standard asks a person" + (why.isEmpty() ? "" : ": " + why));
      case ALLOW ->
          request.operation() == FileOperation.DELETE
              ? new RiskNote(Level.MEDIUM, "a deletion; rollback can undo it")
              : new RiskNote(Level.LOW, "an ordinary file; gates and review still apply");
    };
  }

  private static RiskNote run(List<String> argv) {
    String program = argv.getFirst().replaceFirst("^.*/", "");
    if (INTERPRETERS.contains(program)) {
      return new RiskNote(
          Level.HIGH, program + " runs what its arguments and files say; only the box holds it");
    }
    return new RiskNote(Level.LOW, "exactly this command, in the box");
  }

  private static RiskNote env(Decision standard) {
    return standard.denied()
        ? new RiskNote(
            Level.HIGH,
            "builtin:standard denies it: "
                + DecisionRecord.word(standard.effect())
                + " by "
                + standard.deciding().rule())
        : new RiskNote(Level.LOW, "a variable of the plan's own commands");
  }
}
