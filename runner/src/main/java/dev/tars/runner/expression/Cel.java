package dev.tars.runner.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.Nearest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The CEL library, set up for one scope. */
final class Cel {
  /** Characters of a condition. */
  static final int MAX_TEXT = 4096;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_ITERATIONS = 100_000;
  private static final int MAX_REGEX = 2000;
  private static final int MAX_FLAWS = 3;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(MAX_TEXT)
          .maxParseRecursionDepth(MAX_DEPTH)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .maxRegexProgramSize(MAX_REGEX)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private static final Map<Scope, Cel> READY = new EnumMap<>(Scope.class);
  private static final Types TYPES = Types.all();

  private final Scope scope;
  private final CelCompiler compiler;
  private final CelRuntime runtime;

  private Cel(Scope scope) {
    this.scope = scope;
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(TYPES)
            .setResultType(SimpleType.BOOL);
    for (String name : scope.variables()) {
      builder = builder.addVar(name, TYPES.variable(name));
    }
    this.compiler = builder.build();
    this.runtime = CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(OPTIONS).build();
  }

  static Cel of(Scope scope) {
    synchronized (READY) {
      return READY.computeIfAbsent(scope, Cel::new);
    }
  }

  List<Flaw> flaws(String text) {
    if (text.isBlank()) {
      return List.of(new Flaw(1, 1, "the condition is empty", "write an expression"));
    }
    if (text.codePointCount(0, text.length()) > MAX_TEXT) {
      return List.of(
          new Flaw(
              1, 1, "the condition has more than " + MAX_TEXT + " characters", "make it shorter"));
    }
    CelValidationResult result = compile(text);
    List<Flaw> flaws = new ArrayList<>();
    for (CelIssue issue : result.getErrors().stream().limit(MAX_FLAWS).toList()) {
      flaws.add(
          new Flaw(
              Math.max(1, issue.getSourceLocation().getLine()),
              issue.getSourceLocation().getColumn() + 1,
              what(issue.getMessage()),
              fix(issue.getMessage())));
    }
    return flaws;
  }

  private CelValidationResult compile(String text) {
    try {
      return compiler.compile(text);
    } catch (RuntimeException e) { // the parser gives up in more than one way
      return new CelValidationResult(
          dev.cel.common.CelSource.newBuilder(text).build(),
          com.google.common.collect.ImmutableList.of(
              CelIssue.formatError(1, 0, firstLine(String.valueOf(e.getMessage())))));
    }
  }

  private static String what(String message) {
    int list = message.indexOf(" expecting {");
    String brief = list < 0 ? message : message.substring(0, list);
    return Escape.line(firstLine(brief).replace(" (in container '')", ""));
  }

  private String fix(String message) {
    Matcher field = Pattern.compile("undefined field '([^']*)'").matcher(message);
    if (field.find()) {
      return Nearest.of(field.group(1), TYPES.fields())
          .map(Cel::meant)
          .orElse("name a field that docs/formats.md lists");
    }
    Matcher name = Pattern.compile("undeclared reference to '([^']*)'").matcher(message);
    if (name.find()) {
      return Nearest.of(name.group(1), scope.variables())
          .map(Cel::meant)
          .orElse("here it may name: " + String.join(", ", scope.variables()));
    }
    return message.contains("expected type 'bool'")
        ? "compare it with something: a condition is true or false"
        : "correct the expression";
  }

  private static String meant(String word) {
    return "did you mean '" + word + "'?";
  }

  boolean holds(String text, Facts facts) {
    Meter meter = new Meter();
    try {
      CelAbstractSyntaxTree ast = compile(text).getAst();
      CelVariableResolver variables = facts::find;
      return runtime.createProgram(ast).trace(variables, meter) instanceof Boolean b
          ? b
          : fail("it is neither true nor false");
    } catch (CelValidationException | CelEvaluationException e) {
      throw new ConditionException(brief(e), e);
    }
  }

  private static boolean fail(String why) {
    throw new ConditionException(why);
  }

  private static String brief(Exception e) {
    String message = firstLine(String.valueOf(e.getMessage()));
    String plain = message.replaceFirst("^evaluation error( at <input>:[0-9]+)?: ", "");
    return Escape.line(plain.length() > 300 ? plain.substring(0, 300) : plain);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
