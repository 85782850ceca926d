package dev.tars.runner.report;

import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeStats;

/**
 * One changed path with its part of the patch.
 *
 * @param lines how much of it changed
 * @param patch in git's format, possibly cut at the end of a line; empty for a directory
 * @param hiddenLines lines of the patch that were cut
 */
public record FileDiff(Change change, ChangeStats.Lines lines, String patch, long hiddenLines) {

  /** The path as text; what is no UTF-8 in it is replaced. */
  public String path() {
    return change.path().toString();
  }

  /** {@code create}, {@code modify} or {@code delete}. */
  public String operation() {
    return HtmlReport.lower(change.operation());
  }

  /** Lines that were added and removed. */
  public long changed() {
    return (long) lines.added() + lines.removed();
  }
}
