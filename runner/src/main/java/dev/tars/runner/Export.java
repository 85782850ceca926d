package dev.tars.runner;

import com.fasterxml.jackson.databind.JsonNode;
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
      patch(contextId);
      report(contextId, "json", "report.json");
      report(contextId, "html", "report.html");
      report(contextId, "junit", "junit.xml");
      report(contextId, "sarif", "results.sarif");
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

  /** What was promoted as a patch, under its own name: the bytes that are on record. */
  private void patch(String contextId) throws IOException {
    for (Contexts.Patch patch : contexts.patch(contextId).stream().toList()) {
      Files.write(directory.resolve(patch.name()), patch.content().toArray());
    }
  }

  /** Only where the policy of the run does not leave it out ({@code evidence.reports}). */
  private void report(String contextId, String type, String file) throws IOException {
    JsonNode reports = contexts.document(contextId).path("reports");
    boolean wanted = reports.isMissingNode();
    for (JsonNode one : reports) {
      wanted |= one.asText().equals(type);
    }
    if (wanted) {
      Files.writeString(directory.resolve(file), contexts.report(contextId, type));
    }
  }
}
