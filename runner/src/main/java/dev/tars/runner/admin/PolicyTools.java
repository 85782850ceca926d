package dev.tars.runner.admin;

import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.Telling;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionLog;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.yaml.YamlBounds;
import dev.tars.runner.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything that {@code tarscli policy} does but for asking the policy in force. */
public final class PolicyTools {
  private final PolicySources sources;
  private final PolicyLoader loader;
  private final Supplier<Contexts> contexts;

  /** The contexts are opened only by what needs them. */
  public PolicyTools(PolicySources sources, Supplier<Contexts> contexts) {
    this.sources = sources;
    this.loader = PolicyLoader.unenforced(sources);
    this.contexts = contexts;
  }

  /** Loads each policy by itself; where it lies and whom it belongs to is not asked. */
  public List<CheckedPolicy> validate(List<String> names) {
    List<CheckedPolicy> all = new ArrayList<>();
    for (String name : names) {
      try {
        all.add(new CheckedPolicy(name, loader.alone(name).digest().toString(), List.of()));
      } catch (RunnerException e) {
        if (e.code() == FailureCode.NOT_FOUND) {
          throw e;
        }
        all.add(CheckedPolicy.of(name, e));
      }
    }
    return all;
  }

  /** The policy that a run here would have, with all its layers; files must be trusted. */
  public List<CheckedPolicy> validateChosen() {
    String name = loader.standardChoice();
    try {
      EffectivePolicy policy = new PolicyLoader(sources).load(Optional.empty());
      return List.of(
          new CheckedPolicy(
              String.join(" + ", policy.layers()), policy.digest().toString(), List.of()));
    } catch (RunnerException e) {
      return List.of(CheckedPolicy.of(name, e));
    }
  }

  /** Runs the tests below these places. */
  public TestReport test(List<Path> places, boolean mutate) {
    List<Path> resolved = places.stream().map(p -> sources.workingDirectory().resolve(p)).toList();
    return new PolicyTester(loader).test(resolved, mutate);
  }

  public PolicyDiff diff(String before, String after) {
    return PolicyDiff.of(loader.alone(before), loader.alone(after));
  }

  // ---- new policies

  /** Writes a first policy and a test of it, for the build that the workspace has. */
  public NewPolicy init(Optional<String> preset, Optional<Path> output) {
    List<ProjectBuild> builds = sources.workspace().map(ProjectBuild::of).orElse(List.of());
    String chosen =
        preset.orElseGet(() -> builds.isEmpty() ? "standard" : builds.getFirst().preset());
    if (!chosen.matches("[a-z-]+") || !PolicyLoader.BUILTINS.contains(chosen)) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "there is no preset " + Escape.line(chosen))
          .help("use one of: " + String.join(", ", PolicyLoader.BUILTINS));
    }
    Path policy =
        output
            .map(o -> sources.workingDirectory().resolve(o).normalize())
            .orElse(sources.home().resolve(".config/tars/policy.yaml"));
    requireOutside(policy);
    String file = String.valueOf(policy.getFileName());
    String test = file.replaceFirst("\\.ya?ml$", "") + "-test.yaml";
    String name = sources.workspace().map(w -> String.valueOf(w.getFileName())).orElse("policy");
    NewPolicy.write(
        policy, NewPolicy.policyText(chosen, PolicyWriter.quoted(name)).replace("TEST", test));
    Decider decider = new Decider(loader.alone(policy.toString()));
    String denying =
        decider
            .decide(new Request.Write(RelativePath.of(NewPolicy.CI), FileOperation.CREATE))
            .deciding()
            .rule();
    Path beside = policy.resolveSibling(test);
    NewPolicy.write(beside, NewPolicy.testText(file, denying));
    boolean detected = preset.isEmpty() && !builds.isEmpty();
    return new NewPolicy(
        policy,
        beside,
        chosen,
        detected ? builds.getFirst().because() : "",
        builds.stream()
            .filter(b -> !b.preset().equals(chosen))
            .map(b -> b.preset() + " (" + b.because() + ")")
            .toList());
  }

  private void requireOutside(Path file) {
    if (sources.workspace().isEmpty()) {
      return;
    }
    try {
      Path parent = file.toAbsolutePath().getParent();
      while (parent != null && !Files.exists(parent)) {
        parent = parent.getParent();
      }
      if (parent != null
          && parent.toRealPath().startsWith(sources.workspace().get().toRealPath())) {
        throw RunnerException.of(
                FailureCode.USAGE, "a policy in the workspace is never the base of a run")
            .at(Escape.line(file.toString()))
            .note("what an improvement could change must not say what improvements may do")
            .help("name a file outside the workspace with --output");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The laid-out text of a policy file. */
  public Formatted format(Path file) {
    Path resolved = sources.workingDirectory().resolve(file);
    byte[] bytes =
        YamlReader.bytes(resolved, file.toString(), YamlBounds.POLICY, FailureCode.POLICY_INVALID);
    String text = PolicyFormat.format(bytes, file.toString());
    return new Formatted(resolved, text, text.equals(new String(bytes, StandardCharsets.UTF_8)));
  }

  /** A JSON Schema for editors: improvement, policy or policytest. */
  public String schema(String kind) {
    String resource = "/dev/tars/schemas/" + kind + "-v1.schema.json";
    try (InputStream in = PolicyTools.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new RunnerException(
            FailureCode.NOT_FOUND,
            "there is no schema of " + Escape.line(kind),
            "use one of: improvement, policy, policytest");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- recorded runs

  /** Every recorded decision of a context, explained. */
  public List<Explanation> explain(String contextId) {
    ContextDir dir = contexts.get().dir(contextId);
    Telling telling = contexts.get().telling(dir);
    return DecisionLog.read(dir).stream()
        .map(r -> Explanation.of(dir.id().text(), r, telling))
        .toList();
  }

  /** What a policy would have meant for these contexts, or for all. */
  public Impact impact(String policy, List<String> contextIds) {
    Contexts all = contexts.get();
    List<String> ids = contextIds.isEmpty() ? all.ids() : contextIds;
    EffectivePolicy layered = loader.layered(policy);
    List<Impact.Run> runs = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (String id : ids) {
      ContextDir dir = all.dir(id);
      if (!dir.has("decisions.jsonl")) {
        without.add(dir.id().text());
        continue;
      }
      all.telling(dir).requireWhole("how it would have ended otherwise", dir.id().text());
      ContextRecord record = all.record(dir);
      Origin.Improvement improvement = record.origin().improvement();
      EffectivePolicy narrowed = layered.narrowedBy(improvement.permissions());
      runs.add(
          new Impact.Run(
              dir.id().text(),
              improvement.id(),
              record.state().id(),
              Replay.of(DecisionLog.read(dir), narrowed)));
    }
    return new Impact(runs, without);
  }

  /**
   * The smallest addition that clears the denials of these contexts.
   *
   * @param policy what to extend; empty for the policy that they ran under
   */
  public Learned learn(List<String> contextIds, Optional<String> policy) {
    Contexts all = contexts.get();
    List<DeniedRequest> denials = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Optional<String> base = policy.map(loader::absolute);
    for (String id : contextIds) {
      ContextDir dir = all.dir(id);
      all.telling(dir).requireWhole("what would have let it pass", dir.id().text());
      names.add(dir.id().text());
      String ran = ranUnder(all.record(dir));
      if (base.isPresent() && policy.isEmpty() && !base.get().equals(ran)) {
        throw RunnerException.of(FailureCode.USAGE, "these contexts ran under different policies")
            .note(names.getFirst() + " under " + Escape.line(base.get()))
            .note(dir.id() + " under " + Escape.line(ran))
            .help("say with --policy which of them to extend");
      }
      base = base.or(() -> Optional.of(ran));
      for (DecisionRecord record : DecisionLog.read(dir)) {
        if (record.decision().effect() == Effect.DENY && !record.isOmission()) {
          denials.add(new DeniedRequest(dir.id().text(), record));
        }
      }
    }
    String extended = base.orElseThrow();
    return new Learner(loader.alone(extended), loader.alone("builtin:standard"))
        .learn(
            denials,
            new PolicyWriter.Base(extended, reference(extended), names),
            text ->
                loader.alone(
                    text.getBytes(StandardCharsets.UTF_8),
                    "learned policy",
                    Optional.of(sources.workingDirectory())));
  }

  /** Publishes what was learned as a file that only its owner can read; never replaces one. */
  public void write(Path file, String text) {
    Path resolved = sources.workingDirectory().resolve(file).normalize();
    requireOutside(resolved);
    NewPolicy.write(resolved, text);
  }

  private String ranUnder(ContextRecord record) {
    String option = record.origin().options().policy();
    return option.isEmpty() ? loader.standardChoice() : option;
  }

  private String reference(String base) {
    if (base.startsWith("builtin:")) {
      return "{ ref: " + PolicyWriter.quoted(base) + " }";
    }
    byte[] bytes =
        YamlReader.bytes(Path.of(base), base, YamlBounds.POLICY, FailureCode.POLICY_INVALID);
    return "{ ref: "
        + PolicyWriter.quoted("file:" + base)
        + ", sha256: "
        + dev.tars.runner.model.Digest.of(bytes).hex()
        + " }";
  }
}
