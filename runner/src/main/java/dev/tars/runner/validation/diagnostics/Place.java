package dev.tars.runner.validation.diagnostics;

/**
 * A place in a file that is in the workspace after the change.
 *
 * @param path escaped
 * @param line from 1; 0 if none was printed
 * @param column from 1; 0 if none was printed
 * @param changed true if the change set writes the file
 */
public record Place(String path, int line, int column, boolean changed) {
  /** {@code path:line:column}, without what was not printed. */
  @Override
  public String toString() {
    return path + (line > 0 ? ":" + line : "") + (line > 0 && column > 0 ? ":" + column : "");
  }
}
