package dev.tars.runner.admin;

import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionLog;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.files.NamedFile;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.RuleMatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs cases against one policy. */
final class PolicyTestRun {
  private static final int MOST_BYTES = 64 << 20;

  private final EffectivePolicy policy;
  private final Decider decider;
  private final Set<String> matched = new LinkedHashSet<>();

  PolicyTestRun(EffectivePolicy policy) {
    this.policy = policy;
    this.decider = new Decider(policy);
  }

  /**
   * What a case came to.
   *
   * @param found the decision and the rule that made it, or the value, for people
   * @param why why it failed; empty if it passed
   */
  record Outcome(PolicyTestFile.Case of, String found, Optional<String> why) {
    boolean passed() {
      return why.isEmpty();
    }
  }

  /** Ids of the rules that matched a request of any case so far. */
  Set<String> matched() {
    return Set.copyOf(matched);
  }

  Outcome run(PolicyTestFile.Case one) {
    return switch (one) {
      case PolicyTestFile.Asks asks -> asks(asks);
      case PolicyTestFile.Holds holds -> holds(holds);
      case PolicyTestFile.Replays replays -> replays(replays);
    };
  }

  private Outcome asks(PolicyTestFile.Asks asks) {
    Decision decision = decider.decide(asks.request());
    decision.matches().forEach(m -> matched.add(m.rule()));
    List<String> deciding =
        decision.matches().stream()
            .filter(m -> m.effect() == decision.effect())
            .map(RuleMatch::rule)
            .distinct()
            .toList();
    String found = DecisionRecord.word(decision.effect()) + " by " + String.join(", ", deciding);
    String asked = Requests.line(asks.request());
    if (decision.effect() != asks.decision()) {
      return new Outcome(
          asks,
          found,
          Optional.of(
              asked + " is " + found + ", expected " + DecisionRecord.word(asks.decision())));
    }
    if (asks.rule().isPresent() && !deciding.contains(asks.rule().get())) {
      return new Outcome(
          asks, found, Optional.of(asked + " is " + found + ", expected " + asks.rule().get()));
    }
    if (asks.approval().isPresent() && !decision.approvals().contains(asks.approval().get())) {
      return new Outcome(
          asks,
          found,
          Optional.of(
              asked
                  + " needs the approval "
                  + decision.approvals()
                  + ", expected "
                  + asks.approval().get()));
    }
    return new Outcome(asks, found, Optional.empty());
  }

  private Outcome holds(PolicyTestFile.Holds holds) {
    Optional<String> value = Settings.shown(policy, holds.key());
    if (value.isEmpty()) {
      return new Outcome(holds, "no such value", Optional.of("there is no value " + holds.key()));
    }
    boolean equal = value.get().equals(holds.equals());
    return new Outcome(
        holds,
        value.get(),
        equal
            ? Optional.empty()
            : Optional.of(holds.key() + " is " + value.get() + ", expected " + holds.equals()));
  }

  private Outcome replays(PolicyTestFile.Replays replays) {
    List<DecisionRecord> records = read(replays.records());
    if (records.isEmpty()) {
      return new Outcome(replays, "0 records", Optional.of("the file holds no record"));
    }
    records.forEach(r -> decider.decide(r.request()).matches().forEach(m -> matched.add(m.rule())));
    Replay replay = Replay.of(records, policy);
    String found = replay.flips().size() + " changed verdicts";
    if (replay.flips().size() == replays.changedVerdicts()) {
      return new Outcome(replays, found, Optional.empty());
    }
    String example = replay.flips().isEmpty() ? "" : ": " + replay.flips().getFirst().line();
    return new Outcome(
        replays, found, Optional.of(found + ", expected " + replays.changedVerdicts() + example));
  }

  private static List<DecisionRecord> read(Path file) {
    try {
      String text = new String(NamedFile.read(file, MOST_BYTES), StandardCharsets.UTF_8);
      return DecisionLog.parse(text, file.toString());
    } catch (IOException e) {
      String why = e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              "the records of a replay cannot be read: " + Escape.line(String.valueOf(why)))
          .at(file)
          .cause(e)
          .help("name a decisions.jsonl of a context, copied beside the test");
    }
  }
}
