package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Trust-handoff files: paths that a trusted program outside the box will run or obey once the
 * change is promoted. The list is the resource {@code handoff-paths.txt}.
 */
final class HandoffCheck implements FileCheck {
  private static final String RESOURCE = "handoff-paths.txt";

  private final List<NamePattern> patterns = new ArrayList<>();
  private final Map<String, String> reasons = new LinkedHashMap<>();

  HandoffCheck() {
    String group = "";
    for (String line : resource().lines().map(String::strip).toList()) {
      if (line.startsWith("[")) {
        group = line.substring(1, line.indexOf(']'));
        reasons.put(group, line.substring(line.indexOf(']') + 1).strip());
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        patterns.add(NamePattern.parse(group, line));
      }
    }
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    if (file.change().after().orElse(null) instanceof dev.tars.runner.model.TreeEntry.Directory
        && file.created()) {
      // A new directory does nothing; what is in it is listed by itself.
      return;
    }
    group(file)
        .ifPresent(group ->
            findings.add(
                "handoff." + group,
                Severity.REVIEW,
                file.path(),
                0,
                (file.deleted() ? "is removed: " : "will execute code outside the sandbox: ")
                    + reasons.get(group)));
  }

  private Optional<String> group(ChangedFile file) {
    List<String> components = file.path().components().stream().map(HandoffCheck::folded).toList();
    return patterns.stream()
        .filter(pattern -> pattern.matches(components))
        .map(NamePattern::group)
        .findFirst();
  }

  /** As a file system that folds case and width, and strips what is not drawn, would see it. */
  private static String folded(Bytes component) {
    String text = Normalizer.normalize(component.lossyText(), Normalizer.Form.NFKC);
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .filter(c -> Character.getType(c) != Character.FORMAT)
        .forEach(out::appendCodePoint);
    String lower = out.toString().toLowerCase(Locale.ROOT);
    int end = lower.length();
    while (end > 1 && (lower.charAt(end - 1) == '.' || lower.charAt(end - 1) == ' ')) {
      end--;
    }
    return lower.substring(0, end);
  }

  private static String resource() {
    try (InputStream in = HandoffCheck.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
