package dev.tars.runner.run;

import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.bundle.Bundle;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.run.bench.Workbench;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A bundle is good for one answer: whether it had one, the audit log says. */
final class BundleReplay {
  static final String IMPORT = "import";

  private final Workbench bench;

  BundleReplay(Workbench bench) {
    this.bench = bench;
  }

  /** Throws INTEGRITY if the bundle was promoted or rejected here, or waits for people. */
  void require(Bundle bundle) {
    Set<String> ours = new HashSet<>();
    Map<String, String> answered = new HashMap<>();
    bench
        .audit()
        .get()
        .forEach(r -> {
          String context = r.payload().path("context").asText();
          if (r.type().equals(IMPORT)
              && r.payload().path("bundle").asText().equals(bundle.digest().toString())) {
            ours.add(context);
          }
          answer(r).filter(_ -> ours.contains(context)).ifPresent(a -> answered.put(context, a));
        });
    for (String context : ours) {
      String answer = answered.get(context);
      if (answer == null && isWaiting(context)) {
        answer = "waits for approval";
      }
      if (answer != null) {
        throw RunnerException.of(
                FailureCode.INTEGRITY,
                "the bundle is not believed: it was imported before, as "
                    + context
                    + ", which "
                    + answer)
            .note("nothing was changed")
            .help("see it with `tarscli execute status --context-id " + context + "`");
      }
    }
  }

  private static java.util.Optional<String> answer(AuditRecord record) {
    return switch (record.type()) {
      case "COMMIT", "patch" -> java.util.Optional.of("was promoted");
      case "approval" ->
          List.of("reject").contains(record.payload().path("verb").asText())
              ? java.util.Optional.of("was rejected")
              : java.util.Optional.empty();
      default -> java.util.Optional.empty();
    };
  }

  private boolean isWaiting(String context) {
    try {
      Contexts contexts = new Contexts(bench.layout());
      return contexts
          .record(bench.layout().context(new ContextId(context)))
          .state()
          .equals(Ending.Waiting.AWAITING_APPROVAL);
    } catch (RunnerException e) {
      return e.code() != FailureCode.NOT_FOUND; // one that cannot be read may wait
    }
  }
}
