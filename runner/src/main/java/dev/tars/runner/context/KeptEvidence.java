package dev.tars.runner.context;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.Disk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** The files of a context that say what was found, as bytes. */
public final class KeptEvidence {
  private static final List<String> DOCUMENTS =
      List.of(
          ContextFiles.CONTEXT,
          ContextFiles.CHANGE_SET,
          ContextFiles.VERDICT,
          "policy.json",
          "improvement.yaml",
          "decisions.jsonl",
          ContextFiles.EVENTS,
          "network-run.json",
          "network-validate.json",
          ContextFiles.ATTESTATION);

  /** What one file of a run can be at most. */
  private static final long MAX = 11L << 30;

  private final Disk disk;
  private final ContextDir context;
  private final KeptFile files;

  public KeptEvidence(Disk disk, ContextDir context) {
    this.disk = disk;
    this.context = context;
    this.files = new KeptFile(disk, context);
  }

  /** Names below the context's directory: documents first, then gates, then what was printed. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    DOCUMENTS.stream().filter(context::has).forEach(names::add);
    try (Disk.Dir dir = disk.open(context.path())) {
      disk.list(dir).stream()
          .map(entry -> entry.name().lossyText())
          .filter(name -> name.startsWith("gate-") && name.endsWith(".json"))
          .sorted()
          .forEach(names::add);
    }
    for (String directory : List.of("steps", "gates")) {
      files.names(directory, ".log").stream()
          .map(name -> directory + "/" + name.lossyText())
          .sorted()
          .forEach(names::add);
    }
    return names;
  }

  /**
   * Copies a file.
   *
   * @throws dev.tars.runner.model.RunnerException INTEGRITY if it is not what a run leaves
   */
  public void copy(String name, OutputStream out) throws IOException {
    if (!files.copy(RelativePath.of(name), MAX, out)) {
      throw new FileNotFoundException(name);
    }
  }
}
