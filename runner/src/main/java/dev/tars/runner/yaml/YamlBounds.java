package dev.tars.runner.yaml;

/**
 * How much of a file is looked at.
 *
 * @param bytes size of the file
 * @param depth nesting of maps and lists
 * @param nodes values in the file
 */
public record YamlBounds(int bytes, int depth, int nodes) {
  /** For policy files. */
  public static final YamlBounds POLICY = new YamlBounds(1 << 20, 32, 200_000);

  /** For improvement files, which may carry the content of files. */
  public static final YamlBounds IMPROVEMENT = new YamlBounds(16 << 20, 32, 200_000);
}
