package dev.tars.runner.admin;

import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.policy.RuleMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds what to add. Only what no rule speaks of is ever added: a denial by a rule that someone
 * wrote stays, and so does everything of layers that the policy is not.
 */
final class Learner {
  private final EffectivePolicy base;
  private final Decider standard;

  Learner(EffectivePolicy base, EffectivePolicy standard) {
    this.base = base;
    this.standard = new Decider(standard);
  }

  /** Sorts denials, then writes, loads and replays the policy that clears them. */
  Learned learn(
      List<DeniedRequest> denials, PolicyWriter.Base file, Function<String, EffectivePolicy> load) {
    Map<Request, List<DeniedRequest>> wanted = new LinkedHashMap<>();
    List<Learned.Refused> refused = new ArrayList<>();
    for (DeniedRequest denied : denials) {
      Optional<String> why = whyNot(denied);
      if (why.isPresent()) {
        refused.add(new Learned.Refused(denied, why.get()));
      } else {
        wanted.computeIfAbsent(denied.record().request(), r -> new ArrayList<>()).add(denied);
      }
    }
    if (wanted.isEmpty()) {
      return new Learned(file.shown(), "", 0, List.of(), refused);
    }
    List<Learned.Addition> additions = new ArrayList<>();
    String written = new PolicyWriter(file).write(rules(wanted, additions));
    String text = PolicyFormat.format(written.getBytes(StandardCharsets.UTF_8), file.shown());
    EffectivePolicy candidate = load.apply(text);
    prove(candidate, wanted.keySet());
    int cleared = wanted.values().stream().mapToInt(List::size).sum();
    return new Learned(file.shown(), text, cleared, additions, refused);
  }

  private Optional<String> whyNot(DeniedRequest denied) {
    if (denied.record().isRedacted()) {
      return Optional.of("audit.redact took out of the record what was asked for");
    }
    for (RuleMatch match : denied.record().decision().matches()) {
      if (match.effect() != Effect.DENY) {
        continue;
      }
      if (!match.rule().endsWith(".default")) {
        return Optional.of("a rule denies it: " + Explanation.line(match));
      }
      boolean other =
          !match.layer().equals("user")
              && !match.layer().startsWith("builtin:")
              && !match.layer().equals("hard-limits");
      if (other) {
        return Optional.of("it is for another layer to allow: " + Explanation.line(match));
      }
    }
    Request request = denied.record().request();
    if (!new Decider(base).decide(request).denied()) {
      return Optional.of("the policy does not deny it any more; run the improvement again");
    }
    return switch (request) {
      case Request.Write w -> notAGlob(w.path());
      case Request.Read r -> notAGlob(r.path());
      case Request.Env e when e.name().contains("*") -> Optional.of("a star means any name");
      case Request.Scratch s -> Optional.of("what is dropped is for a person to write");
      case Request.File f -> Optional.of("what files may be is for a person to write");
      case Request.Limit l -> Optional.of("a limit is for a person to lift");
      case Request.Content c -> Optional.of("what content may be is for a person to write");
      case Request.Gate g -> Optional.of("a gate that failed is not a permission that lacks");
      case Request.Run r -> Optional.empty();
      case Request.Env e -> Optional.empty();
      case Request.Connect c -> Optional.empty();
    };
  }

  /** A path whose own text is a pattern for more than itself cannot be written exactly. */
  private static Optional<String> notAGlob(RelativePath path) {
    String text = path.bytes().lossyText();
    boolean plain = path.bytes().isUtf8() && !text.matches("(?s)(!.*|.*[*?\\[\\]{}\\\\$].*)");
    try {
      return plain && Globs.compile(text).matches(path)
          ? Optional.empty()
          : Optional.of("no pattern stands for this path alone");
    } catch (IllegalArgumentException e) {
      return Optional.of("no pattern stands for this path: " + e.getMessage());
    }
  }

  // ---- the rules

  private PolicyWriter.Rules rules(
      Map<Request, List<DeniedRequest>> wanted, List<Learned.Addition> additions) {
    PolicyWriter.Rules rules = new PolicyWriter.Rules();
    Map<RelativePath, Set<FileOperation>> writes = new LinkedHashMap<>();
    wanted.forEach((request, denied) -> {
      if (request instanceof Request.Write w) {
        writes.computeIfAbsent(w.path(), p -> new TreeSet<>()).add(w.operation());
      }
    });
    Map<Set<FileOperation>, Set<RelativePath>> byOperations = new LinkedHashMap<>();
    writes.forEach((path, operations) ->
        byOperations.computeIfAbsent(operations, o -> new TreeSet<>()).add(path));
    byOperations.forEach((operations, paths) -> {
      Learned.Addition addition =
          addition(
              "learned.write." + (rules.count() + 1),
              wanted,
              r ->
                  r instanceof Request.Write w
                      && paths.contains(w.path())
                      && operations.contains(w.operation()));
      additions.add(addition);
      rules.write(addition, paths, operations);
    });
    wanted.forEach((request, denied) -> {
      switch (request) {
        case Request.Run r -> {
          Learned.Addition addition =
              addition("learned.run." + (rules.count() + 1), wanted, request::equals);
          additions.add(addition);
          rules.run(addition, r.argv());
        }
        case Request.Env e -> {
          Learned.Addition addition = addition("environment.planMaySet", wanted, request::equals);
          additions.add(addition);
          rules.env(addition, e.name());
        }
        case Request.Connect c -> {
          Learned.Addition addition =
              addition("learned.connect." + (rules.count() + 1), wanted, request::equals);
          additions.add(addition);
          rules.connect(addition, c);
        }
        case Request.Read r -> {
          Learned.Addition addition =
              addition("learned.read." + (rules.count() + 1), wanted, request::equals);
          additions.add(addition);
          rules.read(addition, r.path());
        }
        default -> {} // writes are done
      }
    });
    return rules;
  }

  private Learned.Addition addition(
      String id,
      Map<Request, List<DeniedRequest>> wanted,
      java.util.function.Predicate<Request> which) {
    List<DeniedRequest> evidence = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    RiskNote.Level level = RiskNote.Level.LOW;
    for (Map.Entry<Request, List<DeniedRequest>> entry : wanted.entrySet()) {
      if (which.test(entry.getKey())) {
        evidence.addAll(entry.getValue());
        RiskNote risk = RiskNote.of(entry.getKey(), standard);
        level = risk.level().compareTo(level) > 0 ? risk.level() : level;
        notes.add(risk.note());
      }
    }
    return new Learned.Addition(id, evidence, level, String.join("; ", notes));
  }

  // ---- the proof

  /**
   * Every wanted request passes, and of all that tells the two policies apart nothing else does.
   */
  private void prove(EffectivePolicy candidate, Set<Request> wanted) {
    Decider now = new Decider(candidate);
    for (Request request : wanted) {
      if (now.decide(request).denied()) {
        throw broken("it still denies: " + Requests.line(request));
      }
    }
    for (Request request : PolicyDiff.widened(base, candidate)) {
      if (!wanted.contains(request)) {
        throw broken("it would also allow: " + Requests.line(request));
      }
    }
    if (PolicyDiff.valuesDiffer(base, candidate)) {
      throw broken("it would change a value");
    }
  }

  private static RunnerException broken(String what) {
    return RunnerException.of(FailureCode.INTERNAL, "what was learned is not what was asked for")
        .note(what)
        .help("write the rule by hand, and please report this");
  }
}
