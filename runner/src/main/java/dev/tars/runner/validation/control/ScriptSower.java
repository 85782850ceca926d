package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tests for Node's own runner, Jest, Mocha and Vitest: by the functions that an original calls. */
record ScriptSower() implements Sower {
  private static final String LIBRARIES =
      "(?:node:test|vitest|@jest/globals|mocha|(?:node:)?assert(?:/strict)?|chai|expect)";

  /** What an original takes from the libraries of tests. */
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import\\s[^;'\"]*?from\\s*['\"]"
              + LIBRARIES
              + "['\"];?"
              + "|^(?:const|let|var)\\s[^;'\"]*?=\\s*require\\(\\s*['\"]"
              + LIBRARIES
              + "['\"]\\s*\\)[\\w.]*;?",
          Pattern.MULTILINE);

  private static final Pattern TEST = Pattern.compile("^[ \\t]*(it|test)\\(", Pattern.MULTILINE);

  @Override
  public boolean mayBeTest(RelativePath path) {
    String text = path.toString();
    return text.matches(".*\\.[cm]?[jt]sx?")
        && !text.contains("node_modules/")
        && (text.matches("(.*/)?(tests?|__tests__|spec)/.*")
            || text.matches("(.*/)?([^/]*[._-])?(test|spec)([._-][^/]*)?\\.[cm]?[jt]sx?"));
  }

  @Override
  public boolean takes(Original original) {
    return TEST.matcher(original.text()).find();
  }

  @Override
  public Set<AssertionTable.Row> calls(String text) {
    Set<AssertionTable.Row> found = new TreeSet<>();
    for (String family : new String[] {"assert", "expect"}) {
      boolean bound =
          family.equals("expect")
              ? text.contains("expect(")
              : Pattern.compile("\\bassert\\b").matcher(bindings(text)).find();
      for (AssertionTable.Row row : AssertionTable.of(family)) {
        if (bound && text.contains(row.name())) {
          found.add(row);
        }
      }
    }
    return found;
  }

  /** The imports without the names of the libraries. */
  private static String bindings(String text) {
    return imports(text).replaceAll("['\"][^'\"]*['\"]", "");
  }

  private static String imports(String text) {
    StringBuilder found = new StringBuilder();
    Matcher matcher = IMPORT.matcher(text);
    while (matcher.find()) {
      found.append(matcher.group()).append('\n');
    }
    return found.toString();
  }

  @Override
  public Sown added(Original original, Field field) {
    return field.sown(
        original.path(),
        original.text() + "\n;\n" + tests(original.text(), calls(original.text()), field));
  }

  private static String tests(String text, Set<AssertionTable.Row> calls, Field field) {
    Matcher matcher = TEST.matcher(text);
    String test = matcher.find() ? matcher.group(1) : "test";
    StringBuilder all = new StringBuilder();
    test(all, test, field.red("t", Sentinel.THROWN), field.fill("throw new Error('planted')"));
    for (AssertionTable.Row row : calls) {
      test(all, test, field.red("t", row.name().replace("(", "")), field.fill(row.red()));
    }
    test(all, test, field.green("t"), "");
    return all.toString();
  }

  private static void test(StringBuilder text, String test, String name, String body) {
    text.append(test).append("('").append(name).append("', () => { ").append(body).append(" });\n");
  }

  @Override
  public Optional<Sown> own(Original beside, Set<AssertionTable.Row> calls, Field field) {
    String name = beside.name();
    String word = field.names().next();
    // The marks by which the tool knows a test stay, and so does the extension.
    Matcher marks =
        Pattern.compile("((?:test|spec)[-_])?.*?([-_.](?:test|spec)[^/]*|\\.[^.]+)").matcher(name);
    String own =
        marks.matches()
            ? Optional.ofNullable(marks.group(1)).orElse("") + word + marks.group(2)
            : word + name.substring(name.lastIndexOf('.'));
    String header = imports(beside.text());
    return Optional.of(
        field.sown(
            beside.beside(own), header + "\n" + tests(beside.text(), calls(beside.text()), field)));
  }
}
