package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.run.RunOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code policy check} says and what runs do are the same, on policies and requests that are
 * made at random. What a run does is taken from the box and from its verdict, not from what was
 * recorded: which files the box saw, and which paths of the change set were refused.
 */
class AgreementDockerIT {
  private static final long SEED = 20261125;
  private static final int POLICIES = 8;
  private static final List<String> DIRS = List.of("src", "docs", "ci", "test", "a/b");
  private static final List<String> NAMES =
      List.of("x.java", "y.java", "k.key", "README", "m.md", "x.yml", "data.json", "z1");
  private static final List<String> GLOBS =
      List.of(
          "**",
          "src/**",
          "docs/**",
          "ci/**",
          "test/**",
          "**/*.java",
          "**/*.key",
          "**/x.*",
          "*/m.md",
          "a/*/z?",
          "a/**",
          "**/[xy].java",
          "{docs,ci}/*",
          "**/README",
          "test/x.java",
          "**/*.yml");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path temp;
  private final Random random = new Random(SEED);
  private int pairs;
  private final Map<Effect, Integer> seen = new HashMap<>();

  @Test
  void checksAndRunsAgree() throws IOException {
    Path workspace = temp.resolve("ws");
    Set<String> files = new TreeSet<>();
    for (String dir : DIRS) {
      for (String name : NAMES) {
        files.add(dir + "/" + name);
      }
    }
    for (String file : files) {
      write(workspace.resolve(file), "old\n");
    }
    for (int i = 0; i < POLICIES; i++) {
      Path policy = temp.resolve("policy-" + i + ".yaml");
      String text = policy(i);
      write(policy, text);
      Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-------"));
      for (int tries = 0; tries < 500 && !loads(workspace, policy); tries++) {
        write(policy, policy(i)); // a rule that can never apply is no policy
      }
      inTheBox(workspace, files, policy);
      atTheDoor(workspace, policy);
    }
    assertThat(pairs).isGreaterThanOrEqualTo(1000);
    assertThat(seen.keySet()).containsExactlyInAnyOrder(Effect.values());
    assertThat(seen.values()).allMatch(n -> n >= 50);
  }

  private boolean loads(Path workspace, Path policy) {
    try (SandboxRunner runner = open(workspace)) {
      return !runner.policy(Optional.of(policy.toString())).layers().isEmpty();
    } catch (dev.tars.runner.model.RunnerException e) {
      return false;
    }
  }

  private SandboxRunner open(Path workspace) {
    return SandboxRunner.open(
        RunnerSettings.of(
            workspace, Optional.of(temp.resolve("state")), Map.of("HOME", temp.toString())));
  }

  // ---- one command that changes many files: what the box saw, and what the verdict says

  private void inTheBox(Path workspace, Set<String> files, Path policy) throws IOException {
    Map<String, FileOperation> edits = new LinkedHashMap<>();
    StringBuilder script = new StringBuilder("find . -type f | sort > seen.list\n");
    for (String file : files) {
      switch (random.nextInt(3)) {
        case 0 -> edits.put(file, FileOperation.MODIFY);
        case 1 -> edits.put(file, FileOperation.DELETE);
        default -> {}
      }
      if (random.nextInt(2) == 0) {
        edits.put(file.replace('/', '-') + "/" + file, FileOperation.CREATE);
        edits.put(file + "2", FileOperation.CREATE);
      }
    }
    edits.forEach((path, operation) ->
        script.append(
            switch (operation) {
              case DELETE -> "rm -f " + path + "\n";
              case MODIFY -> "[ ! -e " + path + " ] || echo new >> " + path + "\n";
              case CREATE ->
                  "mkdir -p " + path.replaceFirst("/[^/]*$", "") + " && echo new > " + path + "\n";
            }));
    write(workspace.resolve(".tars/improvements/BOX.yaml"), plan("BOX", step("edit", script)));
    try (SandboxRunner runner = open(workspace)) {
      EffectivePolicy effective = runner.policy(Optional.of(policy.toString()));
      Decider check = new Decider(effective);
      RunResult outcome = execute(runner, "BOX", policy);
      Path context = temp.resolve("state/contexts").resolve(outcome.context().id().text());
      assertThat(context.resolve("verdict.json")).as(outcome.toString()).exists();
      Set<String> inBox = boxSaw(context, outcome);
      for (String file : files) {
        Effect said = check.decide(new Request.Read(RelativePath.of(file))).effect();
        agree(file + " is read", said, inBox.contains(file) ? Effect.ALLOW : Effect.DENY, policy);
      }
      Set<String> hidden = new TreeSet<>();
      Map<String, Effect> verdict = verdict(context, hidden);
      edits.forEach((path, operation) -> {
        RelativePath at = RelativePath.of(path);
        boolean there = operation == FileOperation.CREATE || inBox.contains(path);
        if (there) { // what the box does not see it can neither change nor delete
          Effect said = check.decide(new Request.Write(at, operation)).effect();
          Effect done = verdict.getOrDefault(path, Effect.ALLOW);
          for (RelativePath up = at.parent(); !up.isRoot(); up = up.parent()) {
            if (hidden.contains(up.toString())) {
              done = Effect.DENY; // the verdict names the directory, and drops what is in it
            }
          }
          agree(operation + " " + path, said, done, policy);
        }
      });
    }
  }

  private static RunResult execute(SandboxRunner runner, String id, Path policy) {
    RunOptions options =
        new RunOptions(
            Optional.of(policy.toString()),
            true,
            true,
            true,
            true,
            false,
            false,
            Duration.ofSeconds(10));
    return runner.execute(
        new RunRequest(id, Optional.empty(), options), event -> {}, new Cancellation());
  }

  private Set<String> boxSaw(Path context, RunResult outcome) throws IOException {
    JsonNode changes = JSON.readTree(context.resolve("changeset.json").toFile()).path("changes");
    for (JsonNode change : changes) {
      if (change.path("path").asText().equals("seen.list")) {
        String sha = change.path("after").path("sha256").asText().replace("sha256:", "");
        Path object = temp.resolve("state/objects").resolve(sha.substring(0, 2)).resolve(sha);
        Set<String> seenFiles = new LinkedHashSet<>();
        Files.readString(object).lines().forEach(l -> seenFiles.add(l.substring(2)));
        return seenFiles;
      }
    }
    throw new AssertionError("the box left no list: " + outcome);
  }

  private static Map<String, Effect> verdict(Path context, Set<String> hidden) throws IOException {
    Map<String, Effect> found = new HashMap<>();
    for (JsonNode finding :
        JSON.readTree(context.resolve("verdict.json").toFile()).path("findings")) {
      switch (finding.path("rule").asText()) {
        case "path.hidden" -> {
          hidden.add(finding.path("path").asText());
          found.put(finding.path("path").asText(), Effect.DENY);
        }
        case "policy.denied" -> found.put(finding.path("path").asText(), Effect.DENY);
        case "policy.ask" -> found.putIfAbsent(finding.path("path").asText(), Effect.ASK);
        default -> {}
      }
    }
    return found;
  }

  // ---- one plan for each command and variable: whether the run begins

  private void atTheDoor(Path workspace, Path policy) throws IOException {
    List<String> words = List.of("true", "mvn", "test", "deploy", "-o", "-Dx=1", "git", "push");
    StringBuilder steps = new StringBuilder();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<String> argv = new ArrayList<>();
      for (int k = 0; k <= random.nextInt(3); k++) {
        argv.add(words.get(random.nextInt(words.size())));
      }
      String variable = List.of("A", "TEST_A", "MY_TOKEN", "LD_PRELOAD").get(random.nextInt(4));
      requests.add(new Request.Run(argv));
      requests.add(new Request.Env(variable));
      steps
          .append("  - { id: s")
          .append(i)
          .append(", type: CommandExecution, action: { argv: ")
          .append(JSON.<JsonNode>valueToTree(argv))
          .append(", env: { ")
          .append(variable)
          .append(": x } } }\n");
    }
    write(workspace.resolve(".tars/improvements/DOOR.yaml"), plan("DOOR", steps.toString()));
    try (SandboxRunner runner = open(workspace)) {
      Decider check = new Decider(runner.policy(Optional.of(policy.toString())));
      Map<Request, Effect> said = new LinkedHashMap<>();
      requests.forEach(r -> said.put(r, check.decide(r).effect()));
      RunResult outcome = execute(runner, "DOOR", policy);
      boolean anyDenied = said.containsValue(Effect.DENY);
      assertThat(outcome.exitCode() == 11).as(outcome.toString()).isEqualTo(anyDenied);
      Path context = temp.resolve("state/contexts").resolve(outcome.context().id().text());
      Map<Request, Effect> recorded = new HashMap<>();
      for (DecisionRecord record :
          dev.tars.runner.decisions.DecisionLog.parse(
              Files.readString(context.resolve("decisions.jsonl")), "records")) {
        recorded.put(record.request(), record.decision().effect());
      }
      said.forEach((request, effect) ->
          agree(
              request.toString(),
              effect,
              java.util.Objects.requireNonNull(recorded.get(request)),
              policy));
    }
  }

  private void agree(String what, Effect said, Effect done, Path policy) {
    assertThat(done).as(what + " under " + read(policy)).isEqualTo(said);
    seen.merge(said, 1, Integer::sum);
    pairs++;
  }

  // ---- what is made at random

  private String policy(int number) {
    StringBuilder text =
        new StringBuilder(
            "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nmetadata: { name: p }\n");
    text.append("resources: { memory: 256MiB, disk: 64MiB, inodes: 4000, wallClock: 2m }\n");
    text.append("filesystem:\n  write:\n    - { id: seen, paths: [seen.list] }\n");
    rules(text, "w", 3, true);
    text.append("  ask:\n");
    rules(text, "q", 2, true);
    text.append("  protect:\n");
    rules(text, "p", 2, true);
    text.append("  hide:\n");
    text.append("    - { id: h, paths: [\"")
        .append(List.of("**/*.key", "ci/**", "**/README").get(random.nextInt(3)))
        .append("\"] }\n");
    text.append("processes:\n  allow:\n    - { id: sh, argv: [sh, -c], moreArgs: \"(?s).*\" }\n");
    text.append("    - { id: mvn, argv: [mvn, { oneOf: [test, \"-o\"] }], moreArgs: \"-.*\" }\n");
    text.append("  ask:\n    - { id: git, argv: [git] }\n");
    text.append("  deny:\n    - { id: push, argv: [git, push] }\n");
    text.append("environment: { planMaySet: [\"TEST_*\", \"*TOKEN\"");
    text.append(number % 2 == 0 ? ", A" : "").append("], deny: [\"*TOKEN*\"] }\n");
    return text.toString();
  }

  private void rules(StringBuilder text, String id, int count, boolean narrow) {
    for (int i = 0; i < count; i++) {
      text.append("    - { id: ").append(id).append(i);
      text.append(", paths: [\"").append(glob()).append("\", \"").append(glob()).append("\"]");
      if (narrow && random.nextInt(3) == 0) {
        text.append(", operations: [create, modify]");
      }
      if (random.nextInt(3) == 0) {
        text.append(", except: [\"**/x.java\"]");
      }
      text.append(" }\n");
    }
  }

  private String glob() {
    return GLOBS.get(random.nextInt(GLOBS.size()));
  }

  private static String step(String id, CharSequence script) {
    return "  - id: "
        + id
        + "\n    type: CommandExecution\n    action:\n      argv: [sh, -c, "
        + JSON.<JsonNode>valueToTree(script.toString())
        + "]\n";
  }

  private static String plan(String id, String steps) {
    return "apiVersion: tars.dev/improvement/v1\nkind: Improvement\nmetadata: { id: "
        + id
        + ", title: t }\nsteps:\n"
        + steps;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return file.toString();
    }
  }
}
