package dev.tars.runner.validation.checks;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Languages that a step may ask to be parsed. */
public final class Languages {
  private static final Map<String, Syntax> ALL =
      Map.of(
          "json", JsonSyntax.strict(),
          "xml", new XmlSyntax(),
          "yaml", new YamlSyntax(),
          "properties", new PropertiesSyntax(),
          "java", new JavaSyntax());

  private Languages() {}

  /**
   * Why content is not in a language, as a sentence; a language we cannot parse is a reason too.
   */
  public static Optional<String> problem(String language, byte[] content) {
    Syntax syntax = ALL.get(language.toLowerCase(Locale.ROOT));
    if (syntax == null) {
      return Optional.of(
          "this language cannot be checked; use json, xml, yaml, properties or java");
    }
    return syntax
        .problem(content)
        .map(p -> p.message() + (p.line() > 0 ? " (line " + p.line() + ")" : ""));
  }
}
