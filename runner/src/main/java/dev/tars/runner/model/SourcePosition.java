package dev.tars.runner.model;

/** A place in a file that a person wrote. Line and column start at 1; column 0 means the line. */
@PublicApi
public record SourcePosition(String file, int line, int column)
    implements Comparable<SourcePosition> {
  /** {@code file:line:column}, the file name escaped. */
  @Override
  public String toString() {
    String name = Escape.line(file);
    return column > 0 ? name + ":" + line + ":" + column : name + ":" + line;
  }

  @Override
  public int compareTo(SourcePosition other) {
    int byFile = file.compareTo(other.file);
    if (byFile != 0) {
      return byFile;
    }
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }
}
