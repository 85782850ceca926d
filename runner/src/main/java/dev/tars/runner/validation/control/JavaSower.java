package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tests for JUnit 3, 4 and 5 and for TestNG, whichever an original imports. */
record JavaSower() implements Sower {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");
  private static final String THROW = "throw new IllegalStateException(\"planted\");";

  /** A family of tests by what a file says, how a method is marked, what a class extends. */
  private enum Flavour {
    JUNIT5("org.junit.jupiter.api", "@org.junit.jupiter.api.Test", ""),
    TESTNG("org.testng", "@org.testng.annotations.Test", ""),
    JUNIT4("org.junit.", "@org.junit.Test", ""),
    JUNIT3("junit.framework", "", " extends junit.framework.TestCase");

    private final String imported;
    private final String mark;
    private final String parent;

    Flavour(String imported, String mark, String parent) {
      this.imported = imported;
      this.mark = mark;
      this.parent = parent;
    }

    static Optional<Flavour> of(String text) {
      for (Flavour flavour : values()) {
        if (Pattern.compile("(?m)^\\s*import\\s+(static\\s+)?" + Pattern.quote(flavour.imported))
            .matcher(text)
            .find()) {
          return Optional.of(flavour);
        }
      }
      return Optional.empty();
    }

    /** JUnit 3 knows its tests by their names. */
    String prefix() {
      return this == JUNIT3 ? "test" : "t";
    }
  }

  @Override
  public boolean mayBeTest(RelativePath path) {
    return path.toString().matches("(.*/)?(Test[^/]*|[^/]*(Test|Tests|TestCase))\\.java");
  }

  @Override
  public boolean takes(Original original) {
    String text = original.text();
    Optional<Flavour> flavour = Flavour.of(text);
    String type = Pattern.quote(original.stem());
    return flavour.isPresent()
        && Pattern.compile("\\bclass\\s+" + type + "\\b").matcher(text).find()
        && !Pattern.compile("\\babstract\\s+(\\w+\\s+)*class\\s+" + type + "\\b")
            .matcher(text)
            .find()
        && !text.contains("@RunWith")
        && (flavour.get() == Flavour.JUNIT3
            ? Pattern.compile("class\\s+" + type + "\\s+extends\\s+TestCase\\b")
                .matcher(text)
                .find()
            : text.contains("@Test"));
  }

  @Override
  public Set<AssertionTable.Row> calls(String text) {
    Set<AssertionTable.Row> found = new TreeSet<>();
    for (String type : AssertionTable.families("")) {
      if (type.contains(".") && text.contains(type)) {
        for (AssertionTable.Row row : AssertionTable.of(type)) {
          if (isCalled(text, type, row.name())) {
            found.add(row);
          }
        }
      }
    }
    return found;
  }

  private static boolean isCalled(String text, String type, String name) {
    String simple = type.substring(type.lastIndexOf('.') + 1);
    boolean bare =
        Pattern.compile("import\\s+static\\s+" + Pattern.quote(type) + "\\.(\\*|" + name + ")\\s*;")
                .matcher(text)
                .find()
            || simple.equals("TestCase");
    Matcher call = Pattern.compile("(?:\\b(\\w+)\\.)?(?<![\\w])" + name + "\\s*\\(").matcher(text);
    while (call.find()) {
      if (call.group(1) == null ? bare : call.group(1).equals(simple)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Sown added(Original original, Field field) {
    Flavour flavour = Flavour.of(original.text()).orElseThrow();
    int end = original.text().lastIndexOf('}');
    String methods = methods(flavour, calls(original.text()), field);
    return field.sown(
        original.path(),
        original.text().substring(0, end) + methods + original.text().substring(end));
  }

  private static String methods(Flavour flavour, Set<AssertionTable.Row> calls, Field field) {
    StringBuilder text = new StringBuilder("\n");
    method(text, flavour, field.red(flavour.prefix(), Sentinel.THROWN), field.fill(THROW));
    for (AssertionTable.Row row : calls) {
      String call = row.family() + "." + row.name() + "(" + field.fill(row.red()) + ");";
      method(text, flavour, field.red(flavour.prefix(), row.name()), call);
    }
    method(text, flavour, field.green(flavour.prefix()), "");
    return text.toString();
  }

  private static void method(StringBuilder text, Flavour flavour, String name, String body) {
    text.append("  ")
        .append(flavour.mark)
        .append(" public void ")
        .append(name)
        .append("() throws Exception {\n    ")
        .append(body)
        .append("\n  }\n\n");
  }

  @Override
  public Optional<Sown> own(Original beside, Set<AssertionTable.Row> calls, Field field) {
    Flavour flavour = Flavour.of(beside.text()).orElseThrow();
    String stem = beside.stem();
    String suffix =
        stem.endsWith("Tests") ? "Tests" : stem.endsWith("TestCase") ? "TestCase" : "Test";
    String type = field.names().nextType() + suffix;
    // Other originals may call what this one's module does not have.
    Set<AssertionTable.Row> own = new TreeSet<>(calls);
    own.retainAll(calls(beside.text()));
    Matcher in = PACKAGE.matcher(beside.text());
    String text =
        (in.find() ? "package " + in.group(1) + ";\n\n" : "")
            + "public class "
            + type
            + flavour.parent
            + " {"
            + methods(flavour, own, field)
            + "}\n";
    return Optional.of(field.sown(beside.beside(type + ".java"), text));
  }
}
