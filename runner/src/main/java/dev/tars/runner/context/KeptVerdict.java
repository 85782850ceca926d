package dev.tars.runner.context;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import java.io.IOException;
import java.util.Optional;

/** The verdict of a context: in a file of its own, and in the context's record. */
final class KeptVerdict {
  private static final ObjectMapper JSON = new ObjectMapper();

  private KeptVerdict() {}

  /**
   * Reads it from its file. Once a run has ended its record has the same, or one of the two was
   * changed.
   *
   * @param record as it is kept
   * @throws RunnerException INTEGRITY
   */
  static Optional<JudgedVerdict> read(ContextDir dir, ContextRecord record) {
    Optional<JudgedVerdict> named = record.evidence().verdict();
    if (!dir.has(ContextFiles.VERDICT)) {
      if (!record.isWorking() && named.isPresent()) {
        throw damaged(dir, "it is gone", Optional.empty());
      }
      return Optional.empty();
    }
    try {
      JudgedVerdict kept =
          EvidenceJson.verdict(JsonFields.of(JSON.readTree(dir.read(ContextFiles.VERDICT))));
      if (!record.isWorking() && !named.equals(Optional.of(kept))) {
        throw damaged(dir, "it is not the one of context.json", Optional.empty());
      }
      return Optional.of(kept);
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(dir, "it is none of ours", Optional.of(e));
    }
  }

  private static RunnerException damaged(ContextDir dir, String why, Optional<Exception> cause) {
    RunnerException.Builder error =
        RunnerException.of(
                FailureCode.INTEGRITY, "the verdict of " + dir.id() + " is damaged: " + why)
            .at(Escape.line(dir.path().resolve(ContextFiles.VERDICT).toString()))
            .note("nothing was changed");
    cause.ifPresent(error::cause);
    return error.help(Contexts.AGAIN);
  }
}
