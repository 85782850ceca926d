package dev.tars.cli;

import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Escape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Many contexts as a table: those that wait for people first, then the newest. */
final class StatusList {
  private static final List<String> HEADS =
      List.of("CONTEXT", "STATE", "VERDICT", "AGE", "CHANGE", "WAITS FOR", "IMPROVEMENT");

  private final Paint paint;
  private final Instant now;

  StatusList(Paint paint, Instant now) {
    this.paint = paint;
    this.now = now;
  }

  /** The contexts in the order in which a person looks at them. */
  static List<ContextRecord> ordered(List<ContextRecord> records) {
    return records.reversed().stream()
        .sorted(Comparator.comparing((ContextRecord record) -> !waits(record)))
        .toList();
  }

  /**
   * A filter by state.
   *
   * @param words ids of states; empty lets everything through
   */
  static Predicate<ContextRecord> inStates(List<String> words) {
    return record -> words.isEmpty() || words.contains(record.state().id());
  }

  List<String> lines(List<ContextRecord> records, List<Contexts.Damaged> damaged) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADS);
    records.forEach(record -> rows.add(row(record)));
    damaged.forEach(one -> rows.add(List.of(one.id().text(), "damaged", "", "", "", "", "")));
    int[] widths = new int[HEADS.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(paint.dim(padded(HEADS, widths, HEADS.get(1))));
    for (int i = 0; i < records.size(); i++) {
      lines.add(padded(rows.get(i + 1), widths, paint.state(records.get(i).state())));
    }
    for (List<String> row : rows.subList(records.size() + 1, rows.size())) {
      lines.add(padded(row, widths, paint.bad(row.get(1))));
    }
    return lines;
  }

  /** A column that is empty everywhere is not there. The state stands as it was painted. */
  private static String padded(List<String> row, int[] widths, String state) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      if (widths[i] > 0) {
        int blanks = i == widths.length - 1 ? 0 : widths[i] - row.get(i).length() + 2;
        line.append(i == 1 ? state : row.get(i)).append(" ".repeat(blanks));
      }
    }
    return line.toString().stripTrailing();
  }

  private List<String> row(ContextRecord record) {
    String title = record.origin().improvement().title();
    String id = record.origin().improvement().id();
    return List.of(
        record.id().text(),
        record.state().id(),
        record.evidence().verdict().map(v -> State.word(v.verdict().result())).orElse("–"),
        age(Duration.between(record.origin().createdAt(), now)),
        record
            .evidence()
            .changes()
            .map(c ->
                Counted.of(c.files(), "file") + " +" + c.linesAdded() + " −" + c.linesRemoved())
            .orElse("–"),
        record
            .results()
            .approvals()
            .filter(_ -> waits(record))
            .map(StatusList::missing)
            .orElse("–"),
        Escape.line(title.isEmpty() || title.equals(id) ? id : id + ": " + title));
  }

  private static String missing(Results.ApprovalsNeeded needed) {
    String from =
        needed.rules().stream()
            .filter(rule -> rule.missing() > 0)
            .map(rule -> rule.from().isEmpty() ? "anybody" : String.join("/", rule.from()))
            .distinct()
            .reduce((a, b) -> a + ", " + b)
            .orElse("approval");
    return Escape.line(from) + " (" + needed.given() + " of " + needed.needed() + ")";
  }

  private static boolean waits(ContextRecord record) {
    return record.state() instanceof Ending.Waiting;
  }

  /** The largest whole unit: {@code 40 s}, {@code 3 min}, {@code 2 h}, {@code 5 d}. */
  static String age(Duration age) {
    if (age.toMinutes() < 1) {
      return Math.max(0, age.toSeconds()) + " s";
    }
    if (age.toHours() < 1) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " d";
  }
}
