package dev.tars.runner;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.run.Contexts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The evidence of a run as files: {@code --output-dir}. */
final class Export {
  private final Contexts contexts;
  private final Path directory;

  Export(Contexts contexts, Path directory) {
    this.contexts = contexts;
    this.directory = directory;
  }

  void write(String contextId) {
    try {
      Files.createDirectories(directory);
      if (contexts.dir(contextId).has("changeset.json")) {
        try (OutputStream out = Files.newOutputStream(directory.resolve("change.patch"))) {
          contexts.diff(contextId, out);
        }
      }
      Files.writeString(directory.resolve("report.json"), contexts.report(contextId, "json"));
      Files.writeString(directory.resolve("report.html"), contexts.report(contextId, "html"));
      Files.writeString(directory.resolve("junit.xml"), contexts.report(contextId, "junit"));
      Files.writeString(directory.resolve("results.sarif"), contexts.report(contextId, "sarif"));
      try (OutputStream out = Files.newOutputStream(directory.resolve("output.log"))) {
        contexts.logs(contextId, Optional.empty(), out);
      }
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "the reports cannot be written: " + Escape.line(e.toString()))
          .at(Escape.line(directory.toString()))
          .cause(e)
          .help("name a directory that you may write with --output-dir");
    }
  }
}
