package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Syntax of each changed file of the languages that have a bounded parser in Java; the others are
 * parsed in a box, by package {@code validation.syntax}.
 */
final class SyntaxCheck implements FileCheck {
  private static final Syntax XML = new XmlSyntax();
  private static final Syntax YAML = new YamlSyntax();
  private static final Map<String, Syntax> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("json", JsonSyntax.strict()),
          Map.entry("jsonc", JsonSyntax.withComments()),
          Map.entry("xml", XML),
          Map.entry("pom", XML),
          Map.entry("xsd", XML),
          Map.entry("xsl", XML),
          Map.entry("svg", XML),
          Map.entry("wsdl", XML),
          Map.entry("fxml", XML),
          Map.entry("yaml", YAML),
          Map.entry("yml", YAML),
          Map.entry("properties", new PropertiesSyntax()),
          Map.entry("java", new JavaSyntax()));

  /** Their tools read comments and trailing commas. */
  private static final Set<String> WITH_COMMENTS =
      Set.of(
          "devcontainer.json",
          "renovate.json",
          "deno.json",
          "biome.json",
          "turbo.json",
          "nx.json",
          "angular.json",
          "babel.config.json",
          "typedoc.json",
          "api-extractor.json",
          "tslint.json",
          "rush.json");

  /** Some documents cost the YAML scanner quadratic time. */
  private static final int LARGEST_YAML = 1 << 20;

  private static final Pattern COMMENT = Pattern.compile("(?:^|[\\s{\\[,])(?://|/\\*)");

  private final CheckRules rules;

  SyntaxCheck(CheckRules rules) {
    this.rules = rules;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    Syntax syntax = syntax(file);
    if (syntax == null || file.after().isEmpty()) {
      return;
    }
    if (syntax == YAML && file.after().get().length > LARGEST_YAML) {
      findings.add(
          "syntax.unchecked",
          Severity.REVIEW,
          file.path(),
          0,
          "is larger than " + (LARGEST_YAML >> 10) + " KiB and was not parsed");
      return;
    }
    syntax
        .problem(file.after().get())
        .ifPresent(problem ->
            findings.add(
                "syntax." + (file.extension().equals("yml") ? "yaml" : file.extension()),
                severity(file, syntax),
                file.path(),
                problem.line(),
                problem.message()));
  }

  private static @Nullable Syntax syntax(ChangedFile file) {
    String name = file.name();
    boolean comments =
        name.startsWith("tsconfig")
            || name.startsWith("jsconfig")
            || name.startsWith(".")
            || WITH_COMMENTS.contains(name)
            || file.pathText().contains(".vscode/");
    return file.extension().equals("json") && comments
        ? BY_EXTENSION.get("jsonc")
        : BY_EXTENSION.get(file.extension());
  }

  /** What did not parse before is not this change's doing; a broken fixture may be wanted. */
  private Severity severity(ChangedFile file, Syntax syntax) {
    Optional<byte[]> before = file.before();
    if (before.isPresent() && syntax.problem(before.get()).isPresent()) {
      return Severity.INFO;
    }
    byte[] after = file.after().orElseThrow();
    if (file.extension().equals("json") && isJsonAllTheSame(after)) {
      return Severity.INFO;
    }
    String text = new String(after, StandardCharsets.UTF_8);
    return MeantBroken.is(file.path(), rules.tests()) || MeantBroken.isTemplate(text)
        ? Severity.REVIEW
        : Severity.REJECT;
  }

  /** Comments, or the front matter of a site generator: not JSON, and what its tool wants. */
  private static boolean isJsonAllTheSame(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    int end = text.startsWith("---\n") ? text.indexOf("\n---\n", 3) : -1;
    String body = end < 0 ? text : text.substring(end + 5);
    return (end >= 0 || COMMENT.matcher(text).find())
        && JsonSyntax.withComments().problem(body.getBytes(StandardCharsets.UTF_8)).isEmpty();
  }
}
