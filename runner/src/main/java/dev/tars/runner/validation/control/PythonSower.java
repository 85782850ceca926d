package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tests for pytest, and for {@code unittest}, which runs methods only.
 *
 * @param functions true if the tool also runs functions
 */
record PythonSower(boolean functions) implements Sower {
  private static final Pattern CLASS =
      Pattern.compile(
          "^class +(\\w+)[^\\n]*:(?=[^\\n]*\\n(?:(?:[ \\t][^\\n]*)?\\n)*?[ \\t]+(?:async +)?def +test)",
          Pattern.MULTILINE);
  private static final String THROW = "raise RuntimeError('planted')";
  private static final Pattern TEST = Pattern.compile("^[ \\t]*def +test", Pattern.MULTILINE);

  @Override
  public boolean mayBeTest(RelativePath path) {
    return path.toString().matches("(.*/)?(test[^/]*|[^/]*_test)\\.py");
  }

  @Override
  public boolean takes(Original original) {
    return functions ? TEST.matcher(original.text()).find() : CLASS.matcher(original.text()).find();
  }

  @Override
  public Set<AssertionTable.Row> calls(String text) {
    Set<AssertionTable.Row> found = new TreeSet<>();
    called(text, "unittest", "self\\.", found);
    if (functions) {
      called(text, "pytest", "pytest\\.", found);
      called(text, "python", "(?<![.\\w])", found);
    }
    return found;
  }

  private static void called(
      String text, String family, String before, Set<AssertionTable.Row> found) {
    for (AssertionTable.Row row : AssertionTable.of(family)) {
      if (Pattern.compile(before + row.name() + "\\(").matcher(text).find()) {
        found.add(row);
      }
    }
  }

  @Override
  public Sown added(Original original, Field field) {
    StringBuilder text = new StringBuilder(original.text()).append("\n\n");
    Set<AssertionTable.Row> calls = calls(original.text());
    if (functions) {
      functions(text, calls, field);
    }
    // A method of a class of the file's own asserts by whatever that class inherits.
    Matcher classes = CLASS.matcher(original.text());
    if (classes.find()) {
      String type = classes.group(1);
      method(text, type, field.red("test_", Sentinel.THROWN), field.fill(THROW));
      for (AssertionTable.Row row : calls) {
        if (row.family().equals("unittest")) {
          method(text, type, field.red("test_", row.name()), field.fill(row.red()));
        }
      }
      method(text, type, field.green("test_"), "pass");
    }
    return field.sown(original.path(), text.toString());
  }

  private static void method(StringBuilder text, String type, String name, String body) {
    String function = "_" + name;
    text.append("def ").append(function).append("(self):\n    ").append(body).append("\n\n");
    text.append(type).append('.').append(name).append(" = ").append(function).append("\n\n");
  }

  private static void functions(StringBuilder text, Set<AssertionTable.Row> calls, Field field) {
    function(text, field.red("test_", Sentinel.THROWN), field.fill(THROW));
    function(text, field.red("test_", "assert"), field.fill("assert 1 == 2"));
    for (AssertionTable.Row row : calls) {
      if (!row.family().equals("unittest")) {
        function(text, field.red("test_", row.name()), field.fill(row.red()));
      }
    }
    function(text, field.green("test_"), field.fill("assert 1 == 1"));
  }

  private static void function(StringBuilder text, String name, String body) {
    text.append("def ").append(name).append("():\n    ").append(body).append("\n\n");
  }

  @Override
  public Optional<Sown> own(Original beside, Set<AssertionTable.Row> calls, Field field) {
    StringBuilder text = new StringBuilder("import unittest\n\n");
    Set<AssertionTable.Row> named = new TreeSet<>(calls);
    // Where they come from is known in the files that import them.
    named.removeIf(row -> row.family().equals("python"));
    if (functions) {
      functions(text, named, field);
    }
    named.removeIf(row -> !row.family().equals("unittest"));
    if (!functions || !named.isEmpty()) {
      String type = "Test" + field.names().nextType();
      text.append("class ").append(type).append("(unittest.TestCase):\n");
      inClass(text, field.red("test_", Sentinel.THROWN), field.fill(THROW));
      named.forEach(row -> inClass(text, field.red("test_", row.name()), field.fill(row.red())));
      inClass(text, field.green("test_"), "pass");
    }
    String name = "test_" + field.names().next() + ".py";
    return Optional.of(field.sown(beside.beside(name), text.toString()));
  }

  private static void inClass(StringBuilder text, String name, String body) {
    text.append("    def ").append(name).append("(self):\n        ").append(body).append("\n\n");
  }
}
