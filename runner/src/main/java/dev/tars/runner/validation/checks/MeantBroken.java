package dev.tars.runner.validation.checks;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.TestIntegrity;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Doubts that a file is meant to be what its extension says: fixtures are broken on purpose, and a
 * template is not yet what it becomes.
 */
public final class MeantBroken {
  /** Words of directories and files whose content may be wrong on purpose. */
  private static final Set<String> WORDS =
      Set.of(
          "test",
          "tests",
          "testing",
          "testdata",
          "testcase",
          "testcases",
          "spec",
          "specs",
          "fixture",
          "fixtures",
          "sample",
          "samples",
          "example",
          "examples",
          "corpus",
          "corpora",
          "golden",
          "goldens",
          "snapshot",
          "snapshots",
          "mock",
          "mocks",
          "resources",
          "template",
          "templates",
          "conformance",
          "fuzz",
          "invalid",
          "broken",
          "bad",
          "malformed",
          "error",
          "errors",
          "fail",
          "fails",
          "failing",
          "failure",
          "failures",
          "reject",
          "rejected",
          "cookiecutter",
          "skeleton",
          "scaffold",
          "stub",
          "stubs",
          "archetype");

  private static final Pattern TEMPLATE =
      Pattern.compile("\\{\\{|\\{%|<%|\\{#if|#\\{|@@[A-Za-z_]{1,60}@@|__[A-Z][A-Z_]{1,60}__");

  private MeantBroken() {}

  /** True for tests, and for what a directory or the name itself calls a fixture or a template. */
  public static boolean is(RelativePath path, TestIntegrity tests) {
    return tests.paths().stream().anyMatch(glob -> glob.matches(path))
        || path.components().stream().anyMatch(c -> namesOne(c.lossyText()));
  }

  private static boolean namesOne(String component) {
    for (String word : component.toLowerCase(Locale.ROOT).split("[^a-z]{1,255}", -1)) {
      if (WORDS.contains(word)) {
        return true;
      }
    }
    return false;
  }

  /** True if the text holds a mark of the usual template languages. */
  public static boolean isTemplate(String text) {
    return TEMPLATE.matcher(text).find();
  }
}
