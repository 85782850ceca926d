package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Public declarations that a change removes or gives another form, in Java, Python and TypeScript:
 * information for who depends on them. Lines are compared, nothing is resolved.
 */
final class PublicSurface implements FileCheck {
  private static final int LONGEST_LINE = 1000;
  private static final int MOST_SHOWN = 5;

  private static final Pattern JAVA =
      Pattern.compile(
          "^\\s{0,40}(?:@\\w+\\s{1,4}){0,4}(?:public|protected)\\s(?:[\\w<>\\[\\],.?& ]{1,200}?\\s)?(?:"
              + "(?:class|interface|enum|record|@interface)\\s{1,9}(\\w{1,100})|(\\w{1,100})\\s{0,3}[(=;])");

  private static final Pattern PYTHON =
      Pattern.compile(
          "^((?: {4}|\\t)?)(?:async\\s{1,9})?(?:def|class)\\s{1,9}([A-Za-z]\\w{0,100})");

  private static final Pattern TYPESCRIPT =
      Pattern.compile(
          "^export\\s{1,9}(?:default\\s{1,9})?(?:declare\\s{1,9})?(?:abstract\\s{1,9})?(?:async\\s{1,9})?"
              + "(?:function\\*?|class|interface|type|enum|const|let|var|namespace)\\s{1,9}(\\w{1,100})");

  @Override
  public void check(ChangedFile file, Findings findings) {
    Pattern pattern =
        switch (file.extension()) {
          case "java" -> JAVA;
          case "py", "pyi" -> PYTHON;
          case "ts", "tsx", "mts", "cts" -> TYPESCRIPT;
          default -> null;
        };
    if (pattern == null || file.before().isEmpty()) {
      return;
    }
    Map<String, List<String>> before = declared(pattern, file.beforeText().orElse(""));
    Map<String, List<String>> after = declared(pattern, file.afterText().orElse(""));
    List<String> removed = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    before.forEach((name, lines) -> {
      if (!after.containsKey(name)) {
        removed.add(name);
      } else if (!after.get(name).containsAll(lines)) {
        changed.add(name);
      }
    });
    if (!removed.isEmpty() || !changed.isEmpty()) {
      findings.add(
          "surface.changed",
          Severity.INFO,
          file.path(),
          0,
          said("public declarations removed: ", removed)
              + (removed.isEmpty() || changed.isEmpty() ? "" : "; ")
              + said("changed: ", changed));
    }
  }

  private static String said(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String more = names.size() > MOST_SHOWN ? " and " + (names.size() - MOST_SHOWN) + " more" : "";
    return what + String.join(", ", names.subList(0, Math.min(MOST_SHOWN, names.size()))) + more;
  }

  /** Name to the lines that declare it, without layout; overloads share a name. */
  private static Map<String, List<String>> declared(Pattern pattern, String text) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    text.lines()
        .filter(line -> line.length() <= LONGEST_LINE)
        .forEach(line -> {
          Matcher m = pattern.matcher(line);
          if (m.find()) {
            String last = m.group(m.groupCount());
            String name = last == null ? m.group(1) : last;
            String form = line.strip().replaceFirst("\\s{0,9}[{:]?\\s{0,9}$", "");
            found.computeIfAbsent(name, n -> new ArrayList<>()).add(form);
          }
        });
    return found;
  }
}
