package dev.tars.runner.decisions;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.RuleMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The one way from a request to a decision: runs, checks, tests and replays all go through it. */
public final class Decider {
  private static final SourcePosition CODE = new SourcePosition("hard-limits", 1, 0);

  private final EffectivePolicy policy;

  public Decider(EffectivePolicy policy) {
    this.policy = policy;
  }

  /** What the policy says. A gate is allowed to exist; whether it passed only a run can say. */
  public Decision decide(Request request) {
    return switch (request) {
      case Request.Write w -> write(w);
      case Request.Read r -> policy.read(r.path());
      case Request.Scratch s -> scratch(s.path());
      case Request.File f -> policy.file(f.facts());
      case Request.Run r -> policy.run(r.argv());
      case Request.Connect c -> policy.connect(c.host(), c.port(), c.phase(), c.method());
      case Request.Env e -> policy.environment(e.name());
      case Request.Limit l -> limit(l);
      case Request.Content c -> content(c.check());
      case Request.Gate g -> gate(g.id(), Effect.DENY, "");
    };
  }

  /** What a box does not see can never be in a change set either. */
  private Decision write(Request.Write request) {
    Decision own = policy.write(request.path(), request.operation());
    if (!policy.hidden(request.path())) {
      return own;
    }
    List<RuleMatch> matches = new ArrayList<>(policy.read(request.path()).matches());
    matches.removeIf(m -> m.effect() != Effect.DENY);
    matches.addAll(own.matches());
    matches.sort(Comparator.comparing(RuleMatch::effect).reversed());
    return new Decision(Effect.DENY, matches, List.of());
  }

  private Decision scratch(RelativePath path) {
    if (!policy.scratch(path) && !policy.scratchesDirectory(path)) {
      return write(new Request.Write(path, FileOperation.CREATE));
    }
    List<RuleMatch> rules = policy.scratchedBy(path);
    return rules.isEmpty() // a directory in which something is scratch
        ? one(said("filesystem.scratch", Effect.ALLOW, "written in the box, and dropped"))
        : new Decision(Effect.ALLOW, rules, List.of());
  }

  /** The answer for a path that no box gets because it is scratch, with the rules that make it. */
  public Decision notCopied(RelativePath path) {
    String reason = "scratch: a box writes it anew, nothing of it is copied or promoted";
    List<RuleMatch> rules = new ArrayList<>();
    for (RuleMatch rule : policy.scratchedBy(path)) {
      rules.add(
          new RuleMatch(rule.rule(), rule.layer(), rule.at(), Effect.DENY, reason, rule.fix()));
    }
    return rules.isEmpty()
        ? one(said("filesystem.scratch", Effect.DENY, reason))
        : new Decision(Effect.DENY, rules, List.of());
  }

  private Decision limit(Request.Limit request) {
    ChangeLimits limits = policy.changeLimits();
    long most =
        switch (request.name()) {
          case "filesChanged" -> limits.filesChanged();
          case "linesAdded" -> limits.linesAdded();
          case "linesRemoved" -> limits.linesRemoved();
          case "fileSize" -> limits.fileSize().bytes();
          case "totalSize" -> limits.totalSize().bytes();
          case "pathLength" -> limits.pathLength();
          case "depth" -> limits.depth();
          default -> throw new IllegalArgumentException("no such limit: " + request.name());
        };
    Effect effect = request.value() <= most ? Effect.ALLOW : Effect.DENY;
    String rule = "filesystem.limits." + request.name();
    return one(said(rule, effect, "the limit is " + most));
  }

  private Decision content(String check) {
    String key =
        switch (check) {
          case "bidi" -> "files.unicode.bidiControls";
          case "invisible" -> "files.unicode.invisible";
          case "secrets" -> "files.secretScan.effect";
          case "contentMismatch" -> "files.contentMismatch";
          case "symlinks" -> "filesystem.symlinks.create";
          default -> throw new IllegalArgumentException("no such check: " + check);
        };
    return one(said(key, policy.effect(key), ""));
  }

  /** A value as a rule, at the place of the file that says what holds. */
  private RuleMatch said(String key, Effect effect, String reason) {
    return policy
        .origin(key)
        .map(o -> new RuleMatch(key, o.layer(), o.at(), effect, reason))
        .orElseGet(() -> new RuleMatch(key, "policy", CODE, effect, reason));
  }

  /** A gate with what a run found; a policy without it has nothing that could fail. */
  public Decision gate(String id, Effect found, String reason) {
    Optional<Gate> gate = policy.gates().stream().filter(g -> g.id().equals(id)).findFirst();
    return gate.map(g -> one(new RuleMatch(id, "policy", g.at(), found, reason)))
        .orElseGet(() -> one(new RuleMatch(id, "policy", CODE, Effect.ALLOW, "no such gate")));
  }

  private static Decision one(RuleMatch match) {
    return new Decision(match.effect(), List.of(match), List.of());
  }
}
