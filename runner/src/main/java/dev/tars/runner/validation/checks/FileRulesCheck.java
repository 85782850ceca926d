package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileKind;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What the policy's rules below {@code files} say of each file that is written. */
final class FileRulesCheck implements FileCheck {
  private final Function<FileFacts, Decision> rules;

  FileRulesCheck(Function<FileFacts, Decision> rules) {
    this.rules = rules;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    if (!(file.change().after().orElse(null) instanceof TreeEntry.RegularFile regular)) {
      return;
    }
    Decision decision = rules.apply(facts(file, regular.mode()));
    if (decision.denied()) {
      findings.add(
          "policy.file-denied",
          Severity.REJECT,
          file.path(),
          0,
          decision.deciding().told().after("what it is, is denied by "));
    }
  }

  /** A file that is too large to look into has no kind. */
  static FileFacts facts(ChangedFile file, int mode) {
    Optional<byte[]> bytes = file.after();
    FileKind kind = bytes.map(ContentKinds::of).orElse(FileKind.UNKNOWN);
    String encoding = kind == FileKind.TEXT ? ContentKinds.encoding(bytes.orElseThrow()) : "none";
    return new FileFacts(file.path(), kind, encoding, modes(mode));
  }

  private static Set<String> modes(int mode) {
    Set<String> modes = new HashSet<>();
    if ((mode & 0111) != 0) {
      modes.add("executable");
    }
    if ((mode & 04000) != 0) {
      modes.add("setuid");
    }
    if ((mode & 02000) != 0) {
      modes.add("setgid");
    }
    if ((mode & 01000) != 0) {
      modes.add("sticky");
    }
    return modes;
  }
}
