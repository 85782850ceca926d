package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the layers' rules on paths say, through an index of each. */
final class PathRuleIndex implements PathRules {
  private final List<Layer> layers;

  PathRuleIndex(List<PolicyLayer> layers) {
    this.layers = layers.stream().map(Layer::of).toList();
  }

  /** The rules on paths of one layer. */
  private record Layer(
      PolicyLayer layer,
      RuleMatch nothingWritable,
      RuleIndex read,
      RuleIndex write,
      RuleIndex hide,
      RuleIndex scratch) {
    static Layer of(PolicyLayer layer) {
      return new Layer(
          layer,
          Votes.nothing("filesystem.default", layer, "filesystem"),
          new RuleIndex(layer.readRules),
          new RuleIndex(layer.writeRules),
          new RuleIndex(layer.hideRules),
          new RuleIndex(layer.scratchRules));
    }
  }

  /** Adds what each layer says of a write. */
  void write(RelativePath path, FileOperation operation, Votes votes) {
    PathSubject subject = PathSubject.of(path);
    HardLimits.write(subject).ifPresent(votes::add);
    for (Layer one : layers) {
      if (!one.layer.decidesWrites) {
        continue;
      }
      boolean matched = false;
      for (PathRule rule : one.write.matching(subject)) {
        if (rule.operations().contains(operation)) {
          votes.add(rule.match(), rule.approval());
          matched = true;
        }
      }
      if (!matched) {
        votes.add(one.nothingWritable);
      }
    }
  }

  /** Adds what each layer says of reading. */
  void read(RelativePath path, Votes votes) {
    PathSubject subject = PathSubject.of(path);
    List<List<List<PathRule>>> hiding =
        layers.stream().map(l -> l.hide.alongTheWay(subject)).toList();
    for (int depth = subject.depth(); depth > 0; depth--) {
      HardLimits.hidden(subject.upTo(depth)).ifPresent(votes::add);
      taking(hiding, subject, depth).forEach(rule -> votes.add(rule.match()));
    }
    for (Layer one : layers) {
      if (one.layer.decidesReads) {
        List<PathRule> rules = one.read.matching(subject);
        rules.forEach(rule -> votes.add(rule.match()));
        if (rules.isEmpty()) {
          votes.addDefault("filesystem.read.default", one.layer, "filesystem.read");
        }
      }
    }
  }

  /** The rules that make a path scratch, or a directory that it is in. */
  List<RuleMatch> scratchedBy(RelativePath path) {
    PathSubject subject = PathSubject.of(path);
    List<List<List<PathRule>>> scratching =
        layers.stream().map(l -> l.scratch.alongTheWay(subject)).toList();
    List<RuleMatch> found = new ArrayList<>();
    for (int depth = subject.depth(); depth > 0; depth--) {
      taking(scratching, subject, depth).forEach(rule -> found.add(rule.match()));
    }
    return List.copyOf(found);
  }

  /** Of the rules that match at a depth, those that take the path itself away, layer by layer. */
  private static List<PathRule> taking(
      List<List<List<PathRule>>> byLayer, PathSubject path, int depth) {
    List<PathRule> taking = new ArrayList<>();
    for (List<List<PathRule>> byDepth : byLayer) {
      for (PathRule rule : byDepth.get(depth - 1)) {
        if (depth == path.depth() || !rule.mayExceptBelow(path.upTo(depth))) {
          taking.add(rule);
        }
      }
    }
    return taking;
  }

  @Override
  public boolean hides(RelativePath path) {
    return hides(path, false);
  }

  @Override
  public boolean hidesDirectory(RelativePath path) {
    return hides(path, true);
  }

  private boolean hides(RelativePath path, boolean directory) {
    PathSubject subject = PathSubject.of(path);
    return subject.depth() > 0
        && (HardLimits.hidden(subject).isPresent()
            || anyRule(subject, Layer::hide, directory)
            || unread(subject, directory));
  }

  @Override
  public boolean scratches(RelativePath path) {
    return anyRule(PathSubject.of(path), Layer::scratch, false);
  }

  @Override
  public boolean scratchesDirectory(RelativePath path) {
    return anyRule(PathSubject.of(path), Layer::scratch, true);
  }

  /** True if a layer limits reading, and not to this. */
  private boolean unread(PathSubject subject, boolean directory) {
    for (Layer one : layers) {
      if (one.layer.decidesReads
          && !one.read.anyMatches(subject)
          && !(directory && one.read.leadsOn(subject))) {
        return true;
      }
    }
    return false;
  }

  private boolean anyRule(
      PathSubject subject, Function<Layer, RuleIndex> rules, boolean directory) {
    for (Layer one : layers) {
      for (PathRule rule : rules.apply(one).matching(subject)) {
        if (!directory || !rule.mayExceptBelow(subject)) {
          return true;
        }
      }
    }
    return false;
  }
}
