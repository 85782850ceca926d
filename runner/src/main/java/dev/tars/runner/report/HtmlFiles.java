package dev.tars.runner.report;

import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The changed files: a table that leads to them, and one section for each that can be folded. */
final class HtmlFiles {
  /** Shorter files are unfolded, as long as there are not too many of them. */
  private static final long SHORT = 300;

  private static final long MOST_UNFOLDED = 1_500;

  private static final Pattern HUNK =
      Pattern.compile("@@ -(\\d{1,9})(?:,\\d{1,9})? \\+(\\d{1,9})(?:,\\d{1,9})? @@.*");

  private final Html page;
  private final List<Finding> findings;
  private long unfolded;

  HtmlFiles(Html page, List<Finding> findings) {
    this.page = page;
    this.findings = findings;
  }

  /** The table of all files. */
  void table(List<FileDiff> files) {
    page.raw("<table class=\"files\">\n").header("File", "Change", "Lines", "Findings");
    for (int i = 0; i < files.size(); i++) {
      FileDiff file = files.get(i);
      page.raw("<tr><td><a href=\"#f" + i + "\">").text(file.path()).raw("</a></td>");
      page.element("td", "", file.operation()).raw("<td class=\"n\">");
      numbers(file);
      page.raw("</td><td>");
      findings(file);
      page.raw("</td></tr>\n");
    }
    page.raw("</table>\n");
  }

  private void numbers(FileDiff file) {
    if (file.lines().text()) {
      page.element("span", "add", "+" + file.lines().added()).raw(" ");
      page.element("span", "del", "−" + file.lines().removed());
    } else {
      page.text("binary");
    }
  }

  private void findings(FileDiff file) {
    for (Finding finding : findings) {
      if (finding.path().equals(file.path())) {
        String severity = HtmlReport.lower(finding.severity());
        page.element("span", severity, severity + " " + finding.rule()).raw(" ");
      }
    }
  }

  /** The sections, in the same order. */
  void sections(List<FileDiff> files) {
    for (int i = 0; i < files.size(); i++) {
      section(files.get(i), i);
    }
  }

  private void section(FileDiff file, int number) {
    boolean open = file.changed() <= SHORT && unfolded + file.changed() <= MOST_UNFOLDED;
    unfolded += open ? file.changed() : 0;
    page.raw("<details id=\"f" + number + "\"" + (open ? " open" : "") + "><summary>");
    page.element("b", "", file.path()).raw(" ").text(file.operation()).raw(" ");
    numbers(file);
    page.raw(" ");
    findings(file);
    page.raw("</summary>\n");
    List<String> head = new ArrayList<>();
    List<String> hunk = new ArrayList<>();
    for (String line : file.patch().split("\n", -1)) {
      if (line.startsWith("@@ ") && HUNK.matcher(line).matches()) {
        hunk(hunk);
        hunk.clear();
        hunk.add(line);
      } else if (!hunk.isEmpty()) {
        hunk.add(line);
      } else if (!line.startsWith("index ") && !line.isEmpty()) {
        head.add(line);
      }
    }
    if (hunk.isEmpty() && !head.isEmpty()) {
      page.element("pre", "head", String.join("\n", head)).raw("\n");
    }
    hunk(hunk);
    if (file.hiddenLines() > 0) {
      page.element(
          "p",
          "review",
          Counted.of(file.hiddenLines(), "line")
              + " of this file are not shown here: `tarscli execute review --path "
              + file.path()
              + "` shows them");
    }
    page.raw("</details>\n");
  }

  /** Line numbers stand in a column of their own, so that code can be copied without them. */
  private void hunk(List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    Matcher matcher = HUNK.matcher(lines.getFirst());
    if (!matcher.matches()) {
      throw new IllegalStateException("no hunk");
    }
    int before = Integer.parseInt(matcher.group(1));
    int after = Integer.parseInt(matcher.group(2));
    int width = String.valueOf(Math.max(before, after) + lines.size()).length();
    StringBuilder numbers = new StringBuilder(" \n"); // a line feed alone is dropped after <pre>
    for (String line : lines.subList(1, lines.size())) {
      char first = line.isEmpty() ? ' ' : line.charAt(0);
      if (first == '\\' || line.isEmpty()) {
        numbers.append('\n');
        continue;
      }
      numbers.append(padded(first == '+' ? "" : String.valueOf(before++), width)).append(' ');
      numbers.append(padded(first == '-' ? "" : String.valueOf(after++), width)).append('\n');
    }
    page.raw("<div class=\"hunk\"><pre class=\"no\" aria-hidden=\"true\">" + numbers + "</pre>");
    page.raw("<pre class=\"code\" tabindex=\"0\">").element("i", "", lines.getFirst()).raw("\n");
    code(lines.subList(1, lines.size()));
    page.raw("</pre></div>\n");
  }

  private static String padded(String number, int width) {
    return " ".repeat(Math.max(0, width - number.length())) + number;
  }

  private void code(List<String> lines) {
    int at = 0;
    while (at < lines.size()) {
      int removed = run(lines, at, '-');
      int added = run(lines, at + removed, '+');
      if (removed > 0 && removed == added) {
        pairs(lines.subList(at, at + removed), lines.subList(at + removed, at + removed + added));
        at += removed + added;
      } else if (removed + added > 0) {
        lines.subList(at, at + removed).forEach(line -> changed("del", line, WordDiff.Span.NONE));
        lines
            .subList(at + removed, at + removed + added)
            .forEach(line -> changed("ins", line, WordDiff.Span.NONE));
        at += removed + added;
      } else {
        page.text(lines.get(at++)).raw("\n");
      }
    }
  }

  private static int run(List<String> lines, int from, char sign) {
    int to = from;
    while (to < lines.size() && !lines.get(to).isEmpty() && lines.get(to).charAt(0) == sign) {
      to++;
    }
    return to - from;
  }

  private void pairs(List<String> removed, List<String> added) {
    List<WordDiff.Spans> spans = new ArrayList<>();
    for (int i = 0; i < removed.size(); i++) {
      spans.add(WordDiff.between(removed.get(i).substring(1), added.get(i).substring(1)));
      changed("del", removed.get(i), spans.get(i).before());
    }
    for (int i = 0; i < added.size(); i++) {
      changed("ins", added.get(i), spans.get(i).after());
    }
  }

  private void changed(String tag, String line, WordDiff.Span span) {
    page.raw("<" + tag + ">");
    if (span.isEmpty()) {
      page.text(line);
    } else {
      page.text(line.substring(0, span.from() + 1));
      page.element("b", "", line.substring(span.from() + 1, span.to() + 1));
      page.text(line.substring(span.to() + 1));
    }
    page.raw("</" + tag + ">");
  }
}
