package dev.tars.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the command line as a user does: a process of its own, on a workspace of its own. */
final class Terminal {
  final Path workspace;
  final Path state;
  private final Path base;
  private int number;

  private List<String> prefix = List.of();
  private String classPath = System.getProperty("java.class.path");
  private Path home;

  Terminal(Path base) {
    this.base = base;
    this.home = base;
    this.workspace = base.resolve("ws");
    this.state = base.resolve("state");
    write("a.txt", "hello\n");
    write("src/b.txt", "b\n");
  }

  /**
   * The same workspace and state directory for another person. For root.
   *
   * @param classPath one that this person can read
   * @param groups of the person, the first the own one
   */
  Terminal as(int uid, List<Integer> groups, String classPath) throws IOException {
    Terminal other = new Terminal(Files.createDirectories(base.resolve("home-" + uid)), this);
    other.classPath = classPath;
    other.prefix =
        List.of(
            "setpriv",
            "--reuid=" + uid,
            "--regid=" + groups.getFirst(),
            "--groups=" + groups.stream().map(String::valueOf).collect(Collectors.joining(",")));
    Files.setAttribute(other.home, "unix:uid", uid);
    return other;
  }

  private Terminal(Path base, Terminal of) {
    this.base = base;
    this.home = base;
    this.workspace = of.workspace;
    this.state = of.state;
  }

  /** How a command ended, and all that it said. */
  record Ended(int exit, String out, String err) {}

  Ended run(String... arguments) {
    return ended(start(Map.of(), arguments));
  }

  Ended runWith(Map<String, String> environment, String... arguments) {
    return ended(start(environment, arguments));
  }

  /** A command that goes on, with the files that it writes to. */
  record Running(Process process, Path out, Path err) {
    boolean hasSaid(String text) throws IOException {
      return Files.readString(err).contains(text);
    }
  }

  Running start(Map<String, String> environment, String... arguments) {
    // As from a terminal: what runs in the background of a shell would not hear an interrupt.
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx160m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classPath,
            "dev.tars.cli.Main",
            "-w",
            workspace.toString(),
            "--state-dir",
            state.toString()));
    command.addAll(List.of(arguments));
    try {
      Path out = base.resolve("out-" + number);
      Path err = base.resolve("err-" + number++);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.directory(base.toFile());
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("HOME", home.toString());
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().remove("TARS_POLICY");
      builder.environment().putAll(environment);
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Ended ended(Running running) {
    try {
      if (!running.process().waitFor(5, TimeUnit.MINUTES)) {
        running.process().destroyForcibly();
        throw new AssertionError("it did not end: " + Files.readString(running.err()));
      }
      return new Ended(
          running.process().exitValue(),
          Files.readString(running.out()),
          Files.readString(running.err()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** An improvement of one command. */
  void improvement(String id, String script) {
    plan(
        id,
        "steps:\n  - id: run\n    type: CommandExecution\n    action: { argv: [sh, -c, "
            + quoted(script)
            + "] }\n    timeout: 1m\n");
  }

  void plan(String id, String steps) {
    write(
        ".tars/improvements/" + id + ".yaml",
        "apiVersion: tars.dev/improvement/v1\nkind: Improvement\nmetadata: { id: "
            + id
            + ", title: "
            + id
            + " }\n"
            + steps);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A policy outside the workspace. */
  String policy(String body) {
    Path file = base.resolve("policy-" + number + ".yaml");
    try {
      Files.writeString(
          file,
          "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nmetadata: { name: test }\n"
              + "extends: [{ ref: \"builtin:standard\" }]\n"
              + body);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toString();
  }

  void write(String path, String content) {
    try {
      Path file = workspace.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The workspace but for the improvements: path to content. */
  Map<String, String> tree() {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(workspace)) {
      for (Path path : all.toList()) {
        String name = workspace.relativize(path).toString();
        if (!name.startsWith(".tars")) {
          found.put(name, Files.isRegularFile(path) ? Files.readString(path) : "directory");
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a run must not leave: layers, notes of running contexts, files beside their place. */
  List<String> leftovers() {
    List<String> found = new ArrayList<>();
    if (Files.isDirectory(state)) {
      try (Stream<Path> all = Files.walk(state, 3)) {
        for (Path path : all.toList()) {
          String name = state.relativize(path).toString();
          if (name.matches(
              "running/.+|contexts/[^/]+/(layer|room-.*|cache-.*)|derived/self-test.*")) {
            found.add(name);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }
}
