package dev.tars.runner.plan;

import dev.tars.runner.model.RunnerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Improvement files as texts. */
final class Plans {
  static final String HEAD =
      "apiVersion: tars.dev/improvement/v1\nkind: Improvement\nmetadata: { id: X, title: t }\n";

  private Plans() {}

  static Plan read(String body) {
    return ImprovementReader.read(
        (HEAD + body).getBytes(StandardCharsets.UTF_8),
        "x.yaml",
        new BesideFiles(
            new dev.tars.runner.files.FilesBeneath(Path.of("/none")),
            dev.tars.runner.model.RelativePath.ROOT));
  }

  /** All that is said against it, as it would be printed; empty if it loads. */
  static String refusal(String body) {
    try {
      read(body);
      return "";
    } catch (RunnerException e) {
      return e.where()
          + ": "
          + e.getMessage()
          + "\n"
          + String.join("\n", e.notes())
          + "\n"
          + e.help();
    }
  }

  static List<StepAction.PlacedEdit> edits(String yaml) {
    Plan plan =
        read(
            "steps:\n  - id: a\n    type: FileModification\n    action:\n      file: f\n      edits:\n"
                + yaml.indent(8));
    return ((StepAction.EditFile) plan.steps().getFirst().action()).edits();
  }
}
