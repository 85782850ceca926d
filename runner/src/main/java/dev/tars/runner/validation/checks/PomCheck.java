package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.util.HashMap;
import java.util.Map;

/** What a change of a {@code pom.xml} adds that decides which code a build runs. */
final class PomCheck implements FileCheck {
  @Override
  public void check(ChangedFile file, Findings findings) {
    boolean pom = file.name().equals("pom.xml") || file.extension().equals("pom");
    if (!pom || file.after().isEmpty()) {
      return;
    }
    Map<String, Integer> added = new HashMap<>(PomFacts.of(file.after().get()));
    file.before().map(PomFacts::of).ifPresent(old -> added.keySet().removeAll(old.keySet()));
    added.forEach((fact, line) ->
        findings.add("build.pom", Severity.REVIEW, file.path(), line, "the build " + fact));
  }
}
