package dev.tars.runner.report;

import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Pictures of a run: how long what took, and the tests before and after. */
final class HtmlPictures {
  private static final int WIDTH = 640;
  private static final int NAMES = 180;
  private static final int ROW = 22;
  private static final int MOST_ROWS = 30;

  private record Bar(String name, String result, Duration elapsed) {}

  private final Html page;

  HtmlPictures(Html page) {
    this.page = page;
  }

  /** Steps and gates as bars, one below the other, each beginning where the one above it ends. */
  void timeline(RunReport report) {
    List<Bar> bars = new ArrayList<>();
    report.history().steps().forEach(s -> bars.add(new Bar(s.id(), s.result(), s.elapsed())));
    for (GateResult gate : report.verdict().map(Verdict::gates).orElse(List.of())) {
      bars.add(new Bar(gate.id(), HtmlReport.lower(gate.result()), gate.elapsed()));
    }
    bars.removeIf(bar -> bar.elapsed().isZero());
    if (bars.isEmpty()) {
      return;
    }
    double total = bars.stream().mapToDouble(bar -> seconds(bar.elapsed())).sum();
    List<Bar> shown = bars.subList(0, Math.min(MOST_ROWS, bars.size()));
    begin("Time of steps and gates, " + seconds(total), shown.size() * ROW + 4);
    double at = 0;
    for (int i = 0; i < shown.size(); i++) {
      Bar bar = shown.get(i);
      double long_ = seconds(bar.elapsed());
      int y = i * ROW + 2;
      text(0, y + 15, bar.name());
      rectangle(NAMES + scaled(at, total), y + 3, Math.max(2, scaled(long_, total)), bar.result());
      text(NAMES + scaled(at + long_, total) + 6, y + 15, seconds(long_));
      at += long_;
    }
    page.raw("</svg>\n");
    if (shown.size() < bars.size()) {
      page.element("p", "", (bars.size() - shown.size()) + " more are in the tables below");
    }
  }

  /** One bar before and one after for each gate that has tests. */
  void tests(RunReport report) {
    for (Map.Entry<String, TestInventory> gate : report.tests().entrySet()) {
      TestInventory before = report.before().getOrDefault(gate.getKey(), TestInventory.EMPTY);
      TestInventory after = gate.getValue();
      int most = Math.max(1, Math.max(before.tests().size(), after.tests().size()));
      begin(
          "Tests of " + gate.getKey() + ": before " + counts(before) + "; after " + counts(after),
          2 * ROW + 4);
      row("before", before, most, 2);
      row("after", after, most, ROW + 2);
      page.raw("</svg>\n");
    }
  }

  private void row(String name, TestInventory tests, int most, int y) {
    int red = tests.red();
    int skipped = tests.count(TestStatus.SKIPPED);
    int passed = tests.count(TestStatus.PASSED);
    text(0, y + 15, tests.tests().isEmpty() ? name + ": not run" : name + ": " + counts(tests));
    double at = NAMES + 100;
    double room = WIDTH - at - 10.0;
    for (Map.Entry<String, Integer> part :
        List.of(
            Map.entry("passed", passed), Map.entry("skipped", skipped), Map.entry("failed", red))) {
      double wide = room * part.getValue() / most;
      if (wide > 0) {
        rectangle(at, y + 3, Math.max(2, wide), part.getKey());
        at += wide;
      }
    }
  }

  private static String counts(TestInventory tests) {
    return tests.count(TestStatus.PASSED)
        + " passed, "
        + tests.red()
        + " red, "
        + tests.count(TestStatus.SKIPPED)
        + " skipped";
  }

  private void begin(String title, int height) {
    page.raw("<svg viewBox=\"0 0 " + WIDTH + " " + height + "\" role=\"img\" aria-label=\"")
        .text(title)
        .raw("\">")
        .element("title", "", title);
  }

  private void text(double x, int y, String text) {
    page.raw("<text x=\"" + number(x) + "\" y=\"" + y + "\">")
        .text(text.length() > 40 ? text.substring(0, 39) + "…" : text)
        .raw("</text>");
  }

  private void rectangle(double x, int y, double width, String result) {
    String known = List.of("passed", "failed", "skipped").contains(result) ? result : "other";
    page.raw(
        "<rect class=\"bar-%s\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"/>"
            .formatted(known, number(x), y, number(width), ROW - 8));
  }

  private static double scaled(double value, double total) {
    return total <= 0 ? 0 : value / total * (WIDTH - NAMES - 60);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
