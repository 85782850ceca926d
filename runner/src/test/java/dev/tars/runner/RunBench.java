package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.context.EventCodec;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.run.Ended;
import dev.tars.runner.run.Reviews;
import dev.tars.runner.run.RunOptions;
import dev.tars.runner.sandbox.FakeEngine;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A workspace, a state directory and an engine of programs in Java, for tests of the order of the
 * stages. Each call opens a runner of its own, as each command is a process of its own.
 */
final class RunBench {
  /** Passes where the program {@code check} exits with 0. */
  static final String GATE =
      "validation:\n  gates:\n    - { id: check, type: CommandExecution, argv: [check] }\n";

  static final String AUTO = "approval: { auto: \"true\" }\n";
  private static final ObjectMapper JSON = new ObjectMapper();

  final FakeEngine engine = new FakeEngine();
  final Path workspace;
  final Path state;
  private final Path base;
  String user = "alice";

  /** The context that people look at. */
  String context = "last";

  Instant now = Instant.parse("2026-11-01T12:00:00Z");
  boolean dryRun;
  boolean backup = true;
  boolean validate = true;
  boolean autoRollback = true;
  boolean keepLayer;
  private Optional<String> policy = Optional.empty();
  Consumer<JsonNode> listener = event -> {};
  Cancellation cancellation = new Cancellation();
  Disk disk = LinuxDisk.create();

  RunBench(Path base) {
    this(base, Optional.empty());
    write("a.txt", "hello\n");
    write("src/b.txt", "b\n");
    engine
        .on("edit", box -> box.append("a.txt", "more\n").exit(0))
        .on(List.of("check"), box -> box.exit(0));
    plan(step("edit"));
    policy(GATE);
  }

  private RunBench(Path base, Optional<String> policy) {
    this.base = base;
    this.workspace = base.resolve("ws");
    this.state = base.resolve("state");
    this.policy = policy;
  }

  /** The same as another process finds it; its engine has no programs but the gate. */
  static RunBench again(Path base) {
    RunBench bench = new RunBench(base, Optional.of(base.resolve("policy.yaml").toString()));
    bench
        .engine
        .on("edit", box -> box.append("a.txt", "more\n").exit(0))
        .on(List.of("check"), box -> box.exit(0));
    return bench;
  }

  // ---- what is given

  RunBench policy(String body) {
    Path file = base.resolve("policy.yaml");
    put(
        file,
        "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nmetadata: { name: test }\n"
            + "extends: [{ ref: \"builtin:standard\" }]\n"
            + body);
    call(() -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------")));
    policy = Optional.of(file.toString());
    return this;
  }

  /** The steps, or anything else below the head, of the improvement {@code DO}. */
  RunBench plan(String body) {
    write(
        ".tars/improvements/DO.yaml",
        "apiVersion: tars.dev/improvement/v1\nkind: Improvement\nmetadata: { id: DO, title: t }\n"
            + body);
    return this;
  }

  /** A step that runs {@code sh -c command}; its id is the command's first word. */
  static String step(String command) {
    return "steps:\n  - { id: "
        + command.split(" ", 2)[0]
        + ", type: CommandExecution, action: { argv: [sh, -c, \""
        + command
        + "\"] }, timeout: 1m }\n";
  }

  RunBench write(String path, String content) {
    put(workspace.resolve(path), content);
    return this;
  }

  /** Makes the state directory one of a group, so that several people can reach it. */
  RunBench shared() {
    call(() -> {
      Files.createDirectory(state);
      Files.setAttribute(state, "unix:mode", 02770);
      return state;
    });
    return this;
  }

  RunBench as(String name) {
    user = name;
    return this;
  }

  // ---- what is done

  /** How a command ended: the exit status, and the error if one was said. */
  record Ended(int exit, Optional<FailureCode> code, String text) {
    Ended(int exit, Optional<RunnerException> error) {
      this(exit, error.map(RunnerException::code), said(error));
    }
  }

  private static Ended exit(int exit) {
    return new Ended(exit, Optional.empty());
  }

  Ended run() {
    return command(runner -> {
      RunOptions options =
          new RunOptions(
              policy, dryRun, backup, validate, autoRollback, false, keepLayer, Duration.ZERO);
      RunResult result =
          runner.execute(
              new RunRequest("DO", Optional.empty(), options),
              e -> listener.accept(EventCodec.print(e)),
              cancellation);
      return new Ended(result.exitCode(), result.error());
    });
  }

  Ended approve(String... overrides) {
    return review(true, overrides);
  }

  Ended reject() {
    return review(false);
  }

  private Ended review(boolean approve, String... overrides) {
    Reviews.Answer answer = new Reviews.Answer(approve, "because", List.of(overrides));
    return command(runner -> {
      RunResult result =
          runner.review(
              new ReviewRequest(context, answer, Duration.ZERO),
              e -> listener.accept(EventCodec.print(e)));
      return new Ended(result.exitCode(), result.error());
    });
  }

  Ended rollback() {
    return command(runner ->
        exit(
            runner
                .rollback(
                    new RollbackCall(
                        context, List.of(), Optional.empty(), true, false, Duration.ZERO))
                .exitCode()));
  }

  /** Takes a rollback back. */
  Ended takeBack(String transaction) {
    return command(runner ->
        exit(
            runner
                .rollback(
                    new RollbackCall(
                        context,
                        List.of(transaction),
                        Optional.empty(),
                        false,
                        false,
                        Duration.ZERO))
                .exitCode()));
  }

  Ended recover() {
    return command(runner -> exit(runner.recover().exitCode()));
  }

  Ended collect() {
    return command(runner -> {
      var _ = runner.collectGarbage(false);
      return exit(0);
    });
  }

  /** Exports the context that people look at. */
  Ended export(Path bundle) {
    return command(runner -> {
      assertThat(runner.exportBundle(context, bundle)).startsWith("sha256:");
      return exit(0);
    });
  }

  Ended take(Path bundle) {
    return command(runner -> {
      RunOptions options =
          new RunOptions(policy, dryRun, true, true, true, false, false, Duration.ZERO);
      RunResult result =
          runner.importBundle(
              bundle, options, e -> listener.accept(EventCodec.print(e)), cancellation);
      return new Ended(result.exitCode(), result.error());
    });
  }

  /** The public key of the state directory, as a policy names it. */
  String key() {
    try (SandboxRunner runner = open()) {
      return java.util.Base64.getEncoder().encodeToString(runner.publicKey().toArray());
    }
  }

  /** Asks the newest context to stop, as another process does. */
  void cancel() {
    try (SandboxRunner runner = open()) {
      assertThat(runner.contexts().cancel("last")).endsWith("was asked to stop");
    }
  }

  interface Command {
    Ended run(SandboxRunner runner);
  }

  Ended command(Command command) {
    try (SandboxRunner runner = open()) {
      return command.run(runner);
    } catch (RunnerException e) {
      return new Ended(e.code().exitCode(), Optional.of(e));
    }
  }

  private static String said(Optional<RunnerException> error) {
    return error
        .map(e -> e.getMessage() + " " + String.join(" ", e.notes()) + " " + e.help())
        .orElse("");
  }

  SandboxRunner open() {
    Map<String, String> env = Map.of("HOME", base.toString());
    return SandboxRunner.open(
        new RunnerSettings(workspace, state, env),
        new Ports(disk, engine::connect, Clock.fixed(now, ZoneOffset.UTC), user));
  }

  // ---- what came of it

  /** The newest context as it is kept. */
  JsonNode context() {
    return json("context.json");
  }

  String state() {
    return context().path("state").asText();
  }

  /** A document of the newest context. */
  JsonNode json(String name) {
    return call(() -> JSON.readTree(contextDir().resolve(name).toFile()));
  }

  /** A file of the newest context with a document in each line. */
  List<JsonNode> lines(String name) {
    List<JsonNode> found = new ArrayList<>();
    for (String line : call(() -> Files.readAllLines(contextDir().resolve(name)))) {
      found.add(call(() -> JSON.readTree(line)));
    }
    return found;
  }

  Path contextDir() {
    try (Stream<Path> all = Files.list(state.resolve("contexts"))) {
      return all.max(
              java.util.Comparator.comparingInt(
                  path -> Integer.parseInt(path.getFileName().toString().substring(4))))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The states that the newest context went through, in order. */
  List<String> states() {
    return lines("events.jsonl").stream()
        .filter(e -> e.path("type").asText().equals("state"))
        .map(e -> e.path("state").asText())
        .toList();
  }

  /** The types of the audit records so far, in order. */
  List<String> audit() {
    List<String> types = new ArrayList<>();
    try (SandboxRunner runner = open()) {
      runner.auditRecords(Optional.empty(), r -> types.add(r.path("type").asText()));
    }
    return types;
  }

  /** The payloads of the audit records of a type. */
  List<JsonNode> audit(String type) {
    List<JsonNode> found = new ArrayList<>();
    try (SandboxRunner runner = open()) {
      runner.auditRecords(
          Optional.empty(),
          r -> {
            if (r.path("type").asText().equals(type)) {
              found.add(r.path("payload"));
            }
          });
    }
    return found;
  }

  /** The workspace but for the improvements: path to content. */
  Map<String, String> tree() {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(workspace)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        String name = workspace.relativize(path).toString();
        if (!name.startsWith(".tars")) {
          found.put(name, Files.readString(path));
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing of a run is left but its evidence, and the log says so. */
  void requireClean() {
    assertThat(leftovers()).isEmpty();
    assertThat(engine.leftovers()).isEmpty();
    assertThat(command(runner -> exit(runner.verifyAudit(Optional.empty()).exitCode())).exit())
        .isZero();
  }

  /** Layers, and notes of running contexts. */
  List<String> leftovers() {
    if (!Files.isDirectory(state)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(state, 3)) {
      return all.map(path -> state.relativize(path).toString())
          .filter(name -> name.matches("running/.+|contexts/[^/]+/(layer|room-.*|cache-.*)"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Path file, String content) {
    call(() -> {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    });
  }

  private interface Call<T> {
    T call() throws IOException;
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
