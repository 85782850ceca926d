package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sections on what is told and kept: audit, evidence, retention, explain. */
final class RecordsReader {
  private final PolicyLayer layer;

  RecordsReader(PolicyLayer layer) {
    this.layer = layer;
  }

  void read(YamlMap top) {
    for (String key : List.of("audit", "evidence", "retention", "explain")) {
      if (top.has(key) && !layer.trusted) {
        top.problem(key, "the workspace cannot say what is recorded, kept or told", "take it out");
      }
    }
    top.optionalMap("audit").ifPresent(this::audit);
    top.optionalMap("evidence").ifPresent(this::evidence);
    top.optionalMap("retention").ifPresent(m -> values(m, "retention"));
    top.optionalMap("explain").ifPresent(m -> values(m, "explain"));
  }

  private void audit(YamlMap map) {
    layer.said.read(map, "audit");
    for (YamlMap.Placed text : map.placedStrings("redact")) {
      Optional<Pattern> pattern = LinearPattern.compile(map, text);
      pattern
          .filter(p -> p.matches(""))
          .ifPresent(p ->
              map.problems()
                  .add(text.at(), "the pattern matches nothing at all", "let it need a character"));
      pattern.ifPresent(layer.redact::add);
    }
    map.closed();
  }

  private void evidence(YamlMap map) {
    if (map.has("reports")) {
      Set<String> reports = new LinkedHashSet<>();
      for (YamlMap.Placed word : map.placedStrings("reports")) {
        if (!EvidenceRules.REPORTS.contains(word.text())) {
          map.problems()
              .add(
                  word.at(),
                  "there is no report '" + Escape.line(word.text()) + "'",
                  "use " + String.join(", ", EvidenceRules.REPORTS));
        } else if (!reports.add(word.text())) {
          map.problems().add(word.at(), "it is in the list twice", "take one out");
        }
      }
      layer.reports = Optional.of(reports);
    }
    map.optionalMap("attestation")
        .ifPresent(attestation -> {
          required(attestation, "format", "in-toto");
          required(attestation, "sign", "key");
          attestation.closed();
          layer.attestation = Optional.of(attestation.position());
        });
    map.closed();
  }

  private static void required(YamlMap map, String key, String word) {
    if (map.optionalWord(key, List.of(word)).isEmpty() && !map.has(key)) {
      map.string(key);
    }
  }

  private void values(YamlMap map, String section) {
    layer.said.read(map, section);
    map.closed();
  }

  /** The tests that a policy brings along. */
  void tests(YamlMap top, Optional<java.nio.file.Path> directory) {
    List<String> seen = new ArrayList<>();
    for (YamlMap.Placed text : top.placedStrings("tests")) {
      try {
        layer.policyTests.add(new PolicyTests(Globs.compile(text.text()), directory, text.at()));
      } catch (IllegalArgumentException e) {
        top.problems().add(text.at(), "not a glob: " + e.getMessage(), "correct the pattern");
      }
      if (seen.contains(text.text())) {
        top.problems().add(text.at(), "it is in the list twice", "take one out");
      }
      seen.add(text.text());
    }
  }
}
