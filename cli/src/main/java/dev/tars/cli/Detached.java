package dev.tars.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Starts this command line again in the background, without {@code --detach}. */
final class Detached {
  /** The first line that a run prints on standard error is its context. */
  static final String ANNOUNCE = "context ";

  private Detached() {}

  static int start(Cli cli, String id) {
    List<String> command = new ArrayList<>(List.of("setsid"));
    ProcessHandle.Info self = ProcessHandle.current().info();
    command.add(self.command().orElse("java"));
    for (String argument : self.arguments().orElse(new String[0])) {
      if (!argument.equals("--detach")) {
        command.add(argument);
      }
    }
    command.add("--announce");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        String first = out.readLine();
        if (first != null && first.startsWith(ANNOUNCE)) {
          String context = first.substring(ANNOUNCE.length());
          cli.result(
              List.of(context),
              JsonNodeFactory.instance
                  .objectNode()
                  .put("schema", "tars.detached/v1")
                  .put("contextId", context));
          cli.note("follow it with `tarscli execute monitor --context-id last`");
          return 0;
        }
      }
      process.waitFor();
      throw new RunnerException(
          FailureCode.ENGINE_UNSUITABLE,
          "the background run of " + id + " ended before it had a context",
          "run the command without --detach to see why");
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "cannot start a background process: " + e.getMessage())
          .cause(e)
          .help("install setsid (package util-linux), or run without --detach");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunnerException(FailureCode.INTERRUPTED, "interrupted", "start the command again");
    }
  }
}
