package dev.tars.runner.admin;

import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Files that tell rules on contents apart: each kind, extension, encoding and mode. */
final class SampleFiles {
  private SampleFiles() {}

  static Set<Request> of(List<RuleText> rules) {
    Set<String> names = new LinkedHashSet<>(List.of("zq", "zq.zq"));
    boolean any = false;
    for (RuleText rule : rules) {
      if (rule.section().startsWith("files.")) {
        any = true;
        rule.texts("extensions").forEach(e -> names.add("zq." + e));
      }
    }
    Set<Request> requests = new LinkedHashSet<>();
    if (!any) {
      return requests;
    }
    for (String name : names) {
      for (FileKind kind : FileKind.values()) {
        for (String encoding : FileFacts.ENCODINGS) {
          requests.add(request(name, kind, encoding, Set.of()));
        }
        for (String mode : FileFacts.MODES) {
          requests.add(request(name, kind, "utf-8", Set.of(mode)));
        }
      }
    }
    return requests;
  }

  private static Request request(String name, FileKind kind, String encoding, Set<String> modes) {
    return new Request.File(new FileFacts(RelativePath.of(name), kind, encoding, modes));
  }
}
