package dev.tars.runner.export;

import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The evidence of a run as files: {@code --output-dir}. */
public final class Export {
  private final Contexts contexts;
  private final Reports reports;
  private final Path named;
  private final HostFolder folder;

  public Export(Contexts contexts, Reports reports, Path named, HostFolder folder) {
    this.contexts = contexts;
    this.reports = reports;
    this.named = named;
    this.folder = folder;
  }

  public void write(String contextId) {
    try {
      if (contexts.dir(contextId).has(ContextFiles.CHANGE_SET)) {
        folder.write("change.patch", out -> contexts.diff(contextId, out));
      }
      patch(contextId);
      for (Bytes signed : contexts.attestation(contextId).stream().toList()) {
        folder.write("attestation.json", signed.toArray());
      }
      report(contextId, "json", "report.json");
      report(contextId, "html", "report.html");
      report(contextId, "junit", "junit.xml");
      report(contextId, "sarif", "results.sarif");
      folder.write("output.log", out -> contexts.logs(contextId, Optional.empty(), out));
    } catch (IOException e) {
      throw HostFolder.failure("the reports cannot be written", named, e)
          .help("see what it did with `tarscli execute status --context-id " + contextId + "`");
    }
  }

  /** What was promoted as a patch, under its own name: the bytes that are on record. */
  private void patch(String contextId) throws IOException {
    for (Contexts.Patch patch : contexts.patch(contextId).stream().toList()) {
      folder.write(patch.name(), patch.content().toArray());
    }
  }

  /** Only where the policy of the run does not leave it out ({@code evidence.reports}). */
  private void report(String contextId, String type, String file) throws IOException {
    if (contexts.record(contextId).origin().policy().reports().contains(type)) {
      folder.write(file, reports.write(contextId, type).getBytes(StandardCharsets.UTF_8));
    }
  }
}
