package dev.tars.runner.validation.control;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Tests for {@code cargo test} and nextest. */
record RustSower() implements Sower {
  @Override
  public boolean mayBeTest(RelativePath path) {
    return path.toString().matches("(.*/)?(src|tests)/[^/]*\\.rs");
  }

  @Override
  public boolean takes(Original original) {
    return original.text().contains("#[test]")
        && (isIntegration(original.path()) || original.text().contains("#[cfg(test)]"));
  }

  private static boolean isIntegration(RelativePath path) {
    return path.toString().matches("(.*/)?tests/[^/]*\\.rs");
  }

  @Override
  public Set<AssertionTable.Row> calls(String text) {
    Set<AssertionTable.Row> found = new TreeSet<>();
    for (AssertionTable.Row row : AssertionTable.of("rust")) {
      if (text.contains(row.name())) {
        found.add(row);
      }
    }
    return found;
  }

  @Override
  public Sown added(Original original, Field field) {
    String tests = tests(calls(original.text()), field);
    return field.sown(
        original.path(),
        original.text()
            + "\n"
            + (isIntegration(original.path())
                ? tests
                : "#[cfg(test)]\nmod " + field.names().next() + " {\n" + tests + "}\n"));
  }

  private static String tests(Set<AssertionTable.Row> calls, Field field) {
    StringBuilder text = new StringBuilder();
    test(text, field.red("t_", Sentinel.THROWN), field.fill("panic!(\"planted\");"));
    calls.forEach(row ->
        test(text, field.red("t_", row.name().replace("(", "")), field.fill(row.red()) + ";"));
    test(text, field.green("t_"), "");
    return text.toString();
  }

  private static void test(StringBuilder text, String name, String body) {
    text.append("#[test]\nfn ").append(name).append("() {\n    ").append(body).append("\n}\n\n");
  }

  @Override
  public Optional<Sown> own(Original beside, Set<AssertionTable.Row> calls, Field field) {
    RelativePath root = beside.path().parent().parent();
    RelativePath path =
        root.resolve(Bytes.utf8("tests")).resolve(Bytes.utf8(field.names().next() + ".rs"));
    return Optional.of(field.sown(path, tests(calls, field)));
  }
}
