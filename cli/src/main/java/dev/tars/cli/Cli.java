package dev.tars.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.RunnerSettings;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.admin.PolicyTools;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** What every command works with: the streams, the global options, and the way to the runner. */
final class Cli {
  private final Console console;
  private final GlobalOptions global;
  private final Words words;

  Cli(Console console, GlobalOptions global, Words words) {
    this.console = console;
    this.global = global;
    this.words = words;
  }

  /** The words of the command line, by which the tree of commands is built. */
  Words words() {
    return words;
  }

  GlobalOptions global() {
    return global;
  }

  PrintStream out() {
    return console.out();
  }

  PrintStream err() {
    return console.err();
  }

  void flush() {
    console.flush();
  }

  /** True if results go to a terminal. */
  boolean onTerminal() {
    return console.outIsTerminal();
  }

  /** Colours for results. */
  Paint paint() {
    return global.paint(console.outIsTerminal());
  }

  /** Colours for progress and errors. */
  Paint errPaint() {
    return global.paint(console.errIsTerminal());
  }

  /** Prints an error that ends nothing. */
  void error(RunnerException e) {
    err().println(Failures.text(e, errPaint()));
  }

  /** All commands with all options. */
  CommandLine commands() {
    return Commands.whole(console);
  }

  Path workspace() {
    Path workspace = global.workspace().orElseGet(() -> Path.of("")).toAbsolutePath().normalize();
    if (Files.isRegularFile(workspace)) {
      throw RunnerException.of(FailureCode.USAGE, "the workspace is a file")
          .at(Escape.line(workspace.toString()))
          .help("name the directory of the project");
    }
    return workspace;
  }

  /** Opens the runner on the workspace of the command line. */
  SandboxRunner open() {
    return SandboxRunner.open(settings());
  }

  /** Opens the runner for a command that needs no workspace, wherever it is called. */
  SandboxRunner anywhere() {
    RunnerSettings settings = settings();
    if (global.workspace().isPresent()) {
      return SandboxRunner.open(settings);
    }
    if (global.stateDir().isPresent() && Files.notExists(settings.stateDir())) {
      settings.requireApart(); // one is not made in a project by a slip
    }
    return SandboxRunner.anywhere(settings);
  }

  /** The tools for policies; they make no state directory. */
  PolicyTools policyTools() {
    return SandboxRunner.policyTools(settings());
  }

  RunnerSettings settings() {
    Map<String, String> env = System.getenv();
    return RunnerSettings.of(workspace(), global.stateDir(), env);
  }

  /** Prints a JSON document on standard output. */
  void json(JsonNode document) {
    out().println(document.toPrettyString());
  }

  /** A note for people, on standard error, unless they asked for quiet. */
  void note(String text) {
    if (global.showProgress()) {
      err().println(text);
    }
  }

  /** Prints lines of a result, or its document. */
  void result(List<String> lines, JsonNode document) {
    if (global.json()) {
      json(document);
    } else {
      lines.forEach(out()::println);
    }
  }

  Optional<String> env(String name) {
    return Optional.ofNullable(System.getenv(name));
  }
}
