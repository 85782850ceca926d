package dev.tars.runner.admin;

import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileKind;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.yaml.YamlBounds;
import dev.tars.runner.yaml.YamlMap;
import dev.tars.runner.yaml.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads files of policy tests, strictly: a case that says nothing would prove nothing. */
final class PolicyTestReader {
  static final String API = "tars.dev/policy-test/v1";
  private static final int MAX_PORT = 65_535;
  private static final List<String> KINDS =
      List.of("write", "read", "scratch", "run", "connect", "env", "file", "limit");

  private final Path file;

  private PolicyTestReader(Path file) {
    this.file = file;
  }

  /**
   * Reads one file.
   *
   * @throws RunnerException CONFIG_INVALID with every problem of the file
   */
  static PolicyTestFile read(Path file) {
    String name = file.toString();
    byte[] bytes = YamlReader.bytes(file, name, YamlBounds.POLICY, FailureCode.CONFIG_INVALID);
    YamlMap top = YamlReader.read(bytes, name, YamlBounds.POLICY, FailureCode.CONFIG_INVALID);
    PolicyTestFile read = new PolicyTestReader(file).file(top);
    top.problems().throwIfAny(FailureCode.CONFIG_INVALID);
    return read;
  }

  private PolicyTestFile file(YamlMap top) {
    word(top, "apiVersion", List.of(API));
    word(top, "kind", List.of("PolicyTest"));
    String policy = top.string("policy");
    List<PolicyTestFile.Case> cases = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (YamlMap map : top.maps("cases")) {
      one(map).ifPresent(cases::add);
      if (!names.add(map.optionalString("name").orElse(""))) {
        map.problem("name", "another case has the same name", "name what is special about it");
      }
    }
    top.closed();
    String named =
        policy.startsWith("builtin:")
            ? policy
            : file.toAbsolutePath().resolveSibling(policy).normalize().toString();
    return new PolicyTestFile(file, named, cases);
  }

  private Optional<PolicyTestFile.Case> one(YamlMap map) {
    String name = map.string("name");
    long kinds = List.of("request", "value", "replay").stream().filter(map::has).count();
    if (kinds != 1) {
      map.problems()
          .add(
              map.position(),
              "a case has exactly one of request, value and replay",
              "write for example request: { read: { path: a.txt } }");
      map.closed();
      return Optional.empty();
    }
    YamlMap expect = map.map("expect");
    Optional<PolicyTestFile.Case> found;
    if (map.has("request")) {
      found = asks(name, map, expect);
    } else if (map.has("value")) {
      String equals = expect.string("equals");
      found =
          Optional.of(new PolicyTestFile.Holds(name, map.position(), map.string("value"), equals));
    } else {
      YamlMap replay = map.map("replay");
      Path records = file.toAbsolutePath().resolveSibling(replay.string("run")).normalize();
      replay.closed();
      int changed = expect.optionalInt("changedVerdicts", 0, 1_000_000).orElse(-1);
      if (changed < 0) {
        expect.problem("changedVerdicts", "the case expects nothing", "write changedVerdicts: 0");
      }
      found = Optional.of(new PolicyTestFile.Replays(name, map.position(), records, changed));
    }
    expect.closed();
    map.closed();
    return found;
  }

  private static Optional<PolicyTestFile.Case> asks(String name, YamlMap map, YamlMap expect) {
    Optional<String> decision = word(expect, "decision", List.of("allow", "ask", "deny"));
    Optional<String> rule = expect.optionalString("rule");
    Optional<String> approval = expect.optionalString("approval");
    if (approval.isPresent() && !decision.equals(Optional.of("ask"))) {
      expect.problem("approval", "only 'ask' has an approval", "take it out, or expect ask");
    }
    Optional<Request> request = request(map.map("request"));
    if (request.isEmpty() || decision.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PolicyTestFile.Asks(
            name, map.position(), request.get(), effect(decision.get()), rule, approval));
  }

  private static Effect effect(String word) {
    return Effect.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Optional<Request> request(YamlMap outer) {
    List<String> kinds = KINDS.stream().filter(outer::has).toList();
    if (kinds.size() != 1) {
      outer
          .problems()
          .add(
              outer.position(),
              "a request has exactly one kind",
              "use one of: " + String.join(", ", KINDS));
      outer.closed();
      return Optional.empty();
    }
    YamlMap map = outer.map(kinds.getFirst());
    Optional<Request> request = request(kinds.getFirst(), map);
    map.closed();
    outer.closed();
    return request;
  }

  private static Optional<Request> request(String kind, YamlMap map) {
    return switch (kind) {
      case "write" -> {
        Optional<String> operation = word(map, "operation", List.of("create", "modify", "delete"));
        Optional<RelativePath> path = path(map);
        yield path.flatMap(p ->
            operation.map(
                o -> new Request.Write(p, FileOperation.valueOf(o.toUpperCase(Locale.ROOT)))));
      }
      case "read" -> path(map).map(Request.Read::new);
      case "scratch" -> path(map).map(Request.Scratch::new);
      case "run" -> {
        List<String> argv = map.strings("argv");
        if (argv.isEmpty()) {
          map.problem("argv", "the command is empty", "write argv: [program, argument]");
          yield Optional.empty();
        }
        yield Optional.of(new Request.Run(argv));
      }
      case "connect" -> {
        Optional<String> phase = map.optionalWord("phase", List.of("prepare", "run", "validate"));
        yield Optional.of(
            new Request.Connect(
                map.string("host"),
                map.optionalInt("port", 0, MAX_PORT).orElse(443),
                phase.flatMap(NetworkPhase::of).orElse(NetworkPhase.RUN),
                map.optionalString("method")));
      }
      case "env" -> Optional.of(new Request.Env(map.string("name")));
      case "file" -> {
        Optional<String> named = word(map, "kind", words());
        Optional<String> encoding = map.optionalWord("encoding", FileFacts.ENCODINGS);
        Set<String> modes = modes(map);
        yield path(map)
            .flatMap(p ->
                named
                    .flatMap(FileKind::of)
                    .map(k ->
                        new Request.File(new FileFacts(p, k, encoding.orElse("utf-8"), modes))));
      }
      default -> {
        Optional<String> name =
            word(
                map,
                "name",
                List.of(
                    "filesChanged",
                    "linesAdded",
                    "linesRemoved",
                    "fileSize",
                    "totalSize",
                    "pathLength",
                    "depth"));
        int value = map.optionalInt("value", 0, Integer.MAX_VALUE).orElse(0);
        yield name.map(n -> new Request.Limit(n, value));
      }
    };
  }

  private static Set<String> modes(YamlMap map) {
    Set<String> modes = new LinkedHashSet<>();
    for (YamlMap.Placed word : map.placedStrings("modes")) {
      if (!FileFacts.MODES.contains(word.text())) {
        map.problems()
            .add(
                word.at(),
                "there is no mode '" + Escape.line(word.text()) + "'",
                "use one of: " + String.join(", ", FileFacts.MODES));
      }
      modes.add(word.text());
    }
    return modes;
  }

  private static List<String> words() {
    List<String> words = new ArrayList<>();
    for (FileKind kind : FileKind.values()) {
      words.add(kind.word());
    }
    return words;
  }

  private static Optional<RelativePath> path(YamlMap map) {
    String text = map.string("path");
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(RelativePath.of(text));
    } catch (IllegalArgumentException e) {
      map.problem("path", String.valueOf(e.getMessage()), "write a path below the workspace");
      return Optional.empty();
    }
  }

  /** A required word. */
  private static Optional<String> word(YamlMap map, String key, List<String> words) {
    if (!map.has(key)) {
      String _ = map.string(key); // reports that it is missing
      return Optional.empty();
    }
    return map.optionalWord(key, words);
  }
}
