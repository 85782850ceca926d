package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.net.NetworkPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a policy says to a fixed set of requests, and its typed values: everything that holds
 * somebody up, and nothing of how it was written. Two policies with the same vector are the same.
 */
final class PolicyVector {
  private static final List<String> PATHS =
      List.of(
          "src/a",
          "src/private/a",
          "src/main/A.java",
          "src/main/locked/a",
          "src/main/locked/open",
          "src/gen/a",
          "src/test/a",
          "src/test/free/a",
          "pom.xml",
          "docs/a",
          "infra/a",
          "other",
          "a.pem",
          "b.key",
          "public.pem",
          "x/a",
          "x/keep",
          "x/ci.yml",
          "x/a.pem",
          "target/a",
          "target/keep",
          "x/out/a");
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("mvn", "test"),
          List.of("mvn", "verify"),
          List.of("mvn", "test", "-Dx"),
          List.of("mvn", "deploy"),
          List.of("make", "all"),
          List.of("make", "all", "-j2"),
          List.of("rm", "-r", "/x"),
          List.of("rm", "-rf", "/x"),
          List.of("rm", "-rf", "x"),
          List.of("rm", "/x"),
          List.of("make", "-j2"),
          List.of("make", "most", "-j2"),
          List.of("ls"));
  private static final List<String> HOSTS =
      List.of(
          "api.example.org",
          "a.cdn.example.org",
          "bad.cdn.example.org",
          "worse.cdn.example.org",
          "192.0.2.1",
          "192.0.2.200",
          "10.0.0.1",
          "2001:db8::1",
          "plain.example.org",
          "mirror.example.org",
          "other.org");
  private static final List<Integer> PORTS = List.of(80, 443, 8443, 22);
  private static final List<String> VARIABLES =
      List.of("TEST_A", "TEST_BAD", "MODE", "MY_TOKEN", "OTHER");

  private PolicyVector() {}

  static List<String> of(EffectivePolicy policy) {
    List<String> vector = new ArrayList<>();
    for (String path : PATHS) {
      RelativePath at = RelativePath.of(path);
      vector.add("read " + path + " " + shown(policy.read(at)));
      vector.add("hidden " + path + " " + policy.hidden(at) + " scratch " + policy.scratch(at));
      vector.add("scratch " + path + " " + withoutPlaces(policy.scratchedBy(at).toString()));
      for (FileOperation operation : FileOperation.values()) {
        vector.add(operation + " " + path + " " + shown(policy.write(at, operation)));
      }
    }
    vector.add("rules " + policy.ruleSeverities());
    COMMANDS.forEach(argv -> vector.add("run " + argv + " " + shown(policy.run(argv))));
    for (String host : HOSTS) {
      for (int port : PORTS) {
        for (NetworkPhase phase : NetworkPhase.values()) {
          for (String method : List.of("", "GET", "POST", "PUT")) {
            Optional<String> plain = Optional.of(method).filter(m -> !m.isEmpty());
            Decision decision = policy.connect(host, port, phase, plain);
            String asked = host + " " + port + " " + phase + " " + method;
            vector.add("connect " + asked + " " + shown(decision));
          }
        }
      }
    }
    VARIABLES.forEach(name -> vector.add("set " + name + " " + shown(policy.environment(name))));
    files(policy, vector);
    values(policy, vector);
    return vector;
  }

  private static void files(EffectivePolicy policy, List<String> vector) {
    for (String name : List.of("A.java", "a.xml", "a.bad", "a.worse", "Makefile", "a.txt")) {
      for (FileKind kind : List.of(FileKind.TEXT, FileKind.IMAGE, FileKind.ARCHIVE)) {
        for (String encoding : List.of("us-ascii", "utf-8", "utf-16", "other")) {
          for (Set<String> modes :
              List.of(Set.<String>of(), Set.of("executable"), Set.of("setuid"))) {
            FileFacts facts = new FileFacts(RelativePath.of(name), kind, encoding, modes);
            vector.add("file " + name + kind + encoding + modes + shown(policy.file(facts)));
          }
        }
      }
    }
  }

  private static void values(EffectivePolicy policy, List<String> vector) {
    vector.add("layers " + policy.layers());
    vector.add("metadata " + policy.metadata());
    vector.add("resources " + policy.resources());
    vector.add("limits " + policy.changeLimits());
    vector.add("bounds " + policy.bounds());
    vector.add("network " + policy.networkCaps() + withoutPlaces(policy.upstream().toString()));
    vector.add("image " + policy.images());
    vector.add("caches " + policy.caches());
    vector.add("gates " + policy.gates() + " goOn " + policy.gatesGoOn() + policy.control());
    vector.add("optional " + policy.validateOptional());
    vector.add("environment " + new java.util.TreeMap<>(policy.environmentSet()));
    vector.add("approval " + sorted(policy.approval()));
    vector.add("channels " + policy.channels() + " handlers " + policy.handlers());
    vector.add("tests " + policy.testIntegrity() + policy.tests());
    vector.add("promotion " + policy.promotion());
    for (String effect :
        List.of(
            "filesystem.symlinks.create",
            "files.contentMismatch",
            "files.unicode.bidiControls",
            "files.unicode.invisible",
            "files.secretScan.effect")) {
      vector.add(effect + " " + policy.effect(effect));
    }
    vector.add("audit " + policy.audit());
    vector.add("evidence " + policy.evidence());
    vector.add("trust " + policy.trust());
    vector.add("retention " + policy.retention());
    vector.add("explain " + policy.explain());
    vector.replaceAll(PolicyVector::withoutPlaces);
  }

  /** Sets have no order that lasts. */
  private static String sorted(ApprovalRules rules) {
    List<String> parts = new ArrayList<>(List.of(rules.toString().split("[\\[\\], ]+")));
    java.util.Collections.sort(parts);
    return rules.auto() + " " + rules.count() + " " + parts;
  }

  private static String withoutPlaces(String text) {
    return text.replaceAll("[^ =\\[]*policy\\.yaml:[0-9]+(:[0-9]+)?", "@")
        .replaceAll("SourcePosition\\[[^\\]]*\\]", "@");
  }

  private static String shown(Decision decision) {
    StringBuilder text = new StringBuilder(decision.effect().toString());
    for (RuleMatch match : decision.matches()) {
      text.append(" ").append(match.rule()).append("/").append(match.layer()).append("/");
      text.append(match.effect()).append("/").append(match.reason()).append("/");
      text.append(match.fix());
    }
    return text.append(decision.approvals()).toString();
  }
}
