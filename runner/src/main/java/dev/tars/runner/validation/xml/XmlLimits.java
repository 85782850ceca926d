package dev.tars.runner.validation.xml;

/**
 * How far a document is read.
 *
 * @param bytes of the whole document
 * @param tag characters from {@code <} to {@code >}, attribute values included
 * @param depth of nested elements
 * @param doctype true if a document type declaration is skipped, false if it is refused
 */
public record XmlLimits(long bytes, int tag, int depth, boolean doctype) {
  /** For a test report: long messages, no document type. */
  public static final XmlLimits REPORT = new XmlLimits(64L << 20, 1 << 20, 64, false);

  /** For a source file such as {@code pom.xml}. */
  public static final XmlLimits SOURCE = new XmlLimits(8L << 20, 1 << 18, 200, true);
}
