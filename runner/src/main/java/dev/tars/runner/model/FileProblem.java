package dev.tars.runner.model;

import java.util.List;

/**
 * One thing that is wrong with a file that a person wrote.
 *
 * @param fix what to do about it
 * @param source the line and a caret below the column, escaped; empty if it cannot be shown
 */
@PublicApi
public record FileProblem(SourcePosition at, String what, String fix, List<String> source) {
  public FileProblem {
    source = List.copyOf(source);
  }
}
