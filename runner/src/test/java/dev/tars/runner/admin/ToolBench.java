package dev.tars.runner.admin;

import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.KeptDocument;
import dev.tars.runner.decisions.Certainty;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionLog;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Enforcer;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A directory with policies, tests and contexts, and the tools over them. */
final class ToolBench {
  static final String HEAD =
      "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nmetadata: { name: test }\n";

  final Path base;
  final Path workspace;
  private final StoreLayout layout;
  private final PolicySources sources;

  ToolBench(Path base) {
    this.base = base;
    this.workspace = base.resolve("ws");
    make(workspace);
    make(base.resolve("home"));
    this.layout = StoreLayout.open(LinuxDisk.create(), base.resolve("state"));
    this.sources = new PolicySources(workspace, base, Map.of(), base.resolve("home"));
  }

  PolicyTools tools() {
    return new PolicyTools(sources, () -> new Contexts(layout));
  }

  EffectivePolicy policy(String body) {
    return PolicyLoader.unenforced(sources)
        .alone(
            (HEAD + body).getBytes(StandardCharsets.UTF_8), "policy", java.util.Optional.empty());
  }

  /** Writes a policy file and returns its name. */
  String file(String name, String body) {
    write(base.resolve(name), HEAD + body);
    return base.resolve(name).toString();
  }

  Path test(String name, String policy, String cases) {
    Path file = base.resolve(name);
    write(
        file,
        "apiVersion: tars.dev/policy-test/v1\nkind: PolicyTest\npolicy: "
            + policy
            + "\ncases:\n"
            + cases);
    return file;
  }

  /** A context in which a policy was asked this. */
  String context(EffectivePolicy policy, String policyName, List<Request> requests) {
    ContextDir dir = layout.newContext();
    DecisionLog log = new DecisionLog();
    for (Request request : requests) {
      var _ =
          log.add(
              request,
              new Decider(policy).decide(request),
              new DecisionRecord.Made(Enforcer.ADMISSION, Certainty.DECLARED, "step"));
    }
    var _ = log.save(dir, policy.audit());
    dir.write(
        "context.json",
        KeptDocument.ended(dir.id().text(), "denied", "2026-01-01T00:00:00Z")
            .put("improvementId", "IMP")
            .put("policyOption", policyName)
            .toString()
            .getBytes(StandardCharsets.UTF_8));
    return dir.id().text();
  }

  static void write(Path file, String text) {
    try {
      make(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void make(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
