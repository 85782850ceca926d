package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tests for {@code go test}. An error that nobody catches would end the whole package's run. */
record GoSower() implements Sower {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+(\\w+)");
  private static final Pattern TEST =
      Pattern.compile("(?m)^func Test\\w*\\(\\w+ \\*testing\\.T\\)");

  @Override
  public boolean mayBeTest(RelativePath path) {
    return path.toString().endsWith("_test.go") && !path.toString().contains("vendor/");
  }

  @Override
  public boolean takes(Original original) {
    return TEST.matcher(original.text()).find() && PACKAGE.matcher(original.text()).find();
  }

  @Override
  public Set<AssertionTable.Row> calls(String text) {
    Set<AssertionTable.Row> found = new TreeSet<>();
    for (AssertionTable.Row row : AssertionTable.of("go")) {
      if (text.contains(row.name())) {
        found.add(row);
      }
    }
    for (AssertionTable.Row row : AssertionTable.of("testify")) {
      String library = row.name().substring(0, row.name().indexOf('.'));
      boolean imported = text.contains("\"github.com/stretchr/testify/" + library + "\"");
      if (imported && text.contains(row.name())) {
        found.add(row);
      }
    }
    return found;
  }

  @Override
  public Sown added(Original original, Field field) {
    return field.sown(
        original.path(), original.text() + "\n" + tests(calls(original.text()), field));
  }

  private static String tests(Set<AssertionTable.Row> calls, Field field) {
    StringBuilder text = new StringBuilder();
    test(text, field.red("Test", Sentinel.THROWN), field.fill("t.Fatal(\"planted\")"));
    calls.forEach(
        row -> test(text, field.red("Test", row.name().replace("(", "")), field.fill(row.red())));
    test(text, field.green("Test"), field.fill("t.Log(\"planted\")"));
    return text.toString();
  }

  private static void test(StringBuilder text, String name, String body) {
    text.append("func ").append(name).append("(t *testing.T) {\n\t").append(body).append("\n}\n\n");
  }

  @Override
  public Optional<Sown> own(Original beside, Set<AssertionTable.Row> calls, Field field) {
    Matcher in = PACKAGE.matcher(beside.text());
    Set<AssertionTable.Row> own = new TreeSet<>(calls);
    own.removeIf(row -> !row.family().equals("go"));
    String name = field.names().next() + "_test.go";
    return in.find()
        ? Optional.of(
            field.sown(
                beside.beside(name),
                "package " + in.group(1) + "\n\nimport \"testing\"\n\n" + tests(own, field)))
        : Optional.empty();
  }
}
