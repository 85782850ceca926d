package dev.tars.cli;

import dev.tars.runner.context.FileChange;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.FileOperation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of a change, what to look at first on top: findings, then deletions, then size. */
final class FileTable {
  private final List<FileChange> files;
  private final Map<String, Severity> worst = new HashMap<>();

  FileTable(List<FileChange> files, List<Finding> findings) {
    for (Finding finding : findings) {
      worst.merge(finding.path(), finding.severity(), (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
    this.files =
        files.stream()
            .sorted(
                Comparator.comparingInt(this::weight)
                    .thenComparingLong(f -> (long) f.lines().added() + f.lines().removed())
                    .reversed()
                    .thenComparing(FileChange::path))
            .toList();
  }

  private int weight(FileChange file) {
    Severity severity = worst.getOrDefault(file.path().toString(), Severity.INFO);
    int deleted = file.operation() == FileOperation.DELETE ? 1 : 0;
    return switch (severity) {
      case INFO -> deleted;
      case REVIEW -> 2;
      case REJECT -> 3;
    };
  }

  /** The paths in the order in which they are to be looked at. */
  List<FileChange> files() {
    return files;
  }

  /** Lines of the table and, for more than one file, of the total. */
  List<String> lines(Paint paint) {
    int width =
        files.stream().mapToInt(f -> Escape.line(f.path().toString()).length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    files.forEach(file -> lines.add(line(file, Math.min(width, 60), paint)));
    if (files.size() > 1) {
      long added = files.stream().mapToLong(f -> f.lines().added()).sum();
      long removed = files.stream().mapToLong(f -> f.lines().removed()).sum();
      lines.add(Counted.of(files.size(), "file") + ", " + numbers(added, removed, paint));
    }
    return lines;
  }

  private String line(FileChange file, int width, Paint paint) {
    String name = Escape.line(file.path().toString());
    String size =
        file.lines().text()
            ? numbers(file.lines().added(), file.lines().removed(), paint)
            : paint.dim("binary");
    Severity severity = worst.get(file.path().toString());
    return String.format(
        "%-6s %-" + Math.max(1, width) + "s  %s%s",
        State.word(file.operation()),
        name,
        size,
        severity == null || severity == Severity.INFO ? "" : "  " + paint.severity(severity));
  }

  private static String numbers(long added, long removed, Paint paint) {
    return paint.good("+" + added) + " " + paint.bad("−" + removed);
  }
}
