package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Syntax of each changed file by language. Only languages with a bounded parser in Java are here;
 * Python and JavaScript are checked by gates, in the box.
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

  /** Some documents cost the YAML scanner quadratic time. */
  private static final int LARGEST_YAML = 1 << 20;

  /** Directories whose files may be broken on purpose. */
  private static final Set<String> FIXTURES =
      Set.of(
          "test",
          "tests",
          "testdata",
          "test-data",
          "fixtures",
          "__fixtures__",
          "resources",
          "templates");

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
            || name.equals("devcontainer.json")
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
    boolean fixture =
        rules.tests().paths().stream().anyMatch(glob -> glob.matches(file.path()))
            || file.path().components().stream().anyMatch(c -> FIXTURES.contains(c.lossyText()));
    return fixture ? Severity.REVIEW : Severity.REJECT;
  }
}
