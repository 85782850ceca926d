package dev.tars.runner.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictJson;
import java.io.IOException;
import java.util.Optional;

/** The verdict of a context: in a file of its own, and in the context's document. */
final class KeptVerdict {
  private static final String FILE = "verdict.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private KeptVerdict() {}

  /**
   * Reads it from its file. Once a run has ended the document has the same, or one of the two was
   * changed.
   *
   * @param document as it is kept
   * @throws RunnerException INTEGRITY
   */
  static Optional<ObjectNode> read(ContextDir dir, ObjectNode document, boolean ended) {
    if (!dir.has(FILE)) {
      if (ended && document.has("verdict")) {
        throw damaged(dir, "it is gone", Optional.empty());
      }
      return Optional.empty();
    }
    try {
      ObjectNode kept = (ObjectNode) JSON.readTree(dir.read(FILE));
      Verdict _ = VerdictJson.read(kept);
      if (ended && !kept.equals(document.path("verdict"))) {
        throw damaged(dir, "it is not the one of context.json", Optional.empty());
      }
      return Optional.of(kept);
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw damaged(dir, "it is none of ours", Optional.of(e));
    }
  }

  private static RunnerException damaged(ContextDir dir, String why, Optional<Exception> cause) {
    RunnerException.Builder error =
        RunnerException.of(
                FailureCode.INTEGRITY, "the verdict of " + dir.id() + " is damaged: " + why)
            .at(Escape.line(dir.path().resolve(FILE).toString()))
            .note("nothing was changed");
    cause.ifPresent(error::cause);
    return error.help(Contexts.AGAIN);
  }
}
