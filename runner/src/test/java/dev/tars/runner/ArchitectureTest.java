package dev.tars.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package table of docs/architecture.md, held against the classes. */
class ArchitectureTest {
  private static final String ROOT = "dev.tars.runner";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void enoughClassesAreScannedForTheRulesToMeanSomething() {
    assertThat(CLASSES.size()).isGreaterThan(150);
  }

  @Test
  void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
    Map<String, Set<String>> allowed = table();
    Set<String> violations = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String from = row(type, allowed);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass();
        if (target.getPackageName().startsWith(ROOT)) {
          String to = row(target, allowed);
          if (!from.isEmpty() && !from.equals(to) && !allowed.get(from).contains(to)) {
            violations.add(from + " -> " + to + " (" + type.getName() + ")");
          }
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void everyPackageHasARow() throws IOException {
    Map<String, Set<String>> allowed = table();
    for (JavaClass type : CLASSES) {
      assertThat(allowed).containsKey(row(type, allowed));
    }
  }

  @Test
  void noPackagesFormACycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    Path sources = Path.of("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path dir : files.filter(Files::isDirectory).toList()) {
        boolean hasClasses;
        try (Stream<Path> in = Files.list(dir)) {
          hasClasses = in.anyMatch(f -> f.toString().endsWith(".java"));
        }
        if (hasClasses) {
          assertThat(dir.resolve("package-info.java")).content().contains("@NullMarked");
        }
      }
    }
  }

  @Test
  void nothingInTheLibraryStartsProcessesOrPrints() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(CLASSES);
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  /** The row of the table that a class belongs to: the longest package name that fits. */
  private static String row(JavaClass type, Map<String, Set<String>> allowed) {
    String name = type.getPackageName().substring(ROOT.length());
    String below = name.startsWith(".") ? name.substring(1) : name;
    return allowed.keySet().stream()
        .filter(row -> below.equals(row) || below.startsWith(row + "."))
        .max(java.util.Comparator.comparingInt(String::length))
        .orElse("");
  }

  private static Map<String, Set<String>> table() throws IOException {
    Map<String, Set<String>> rows = new TreeMap<>();
    Pattern row = Pattern.compile("^\\| (\\(root\\)|`[a-z.]+`) \\|[^|]*\\| ?([^|]*)\\|$");
    for (String line : Files.readAllLines(Path.of("../docs/architecture.md"))) {
      Matcher m = row.matcher(line);
      if (m.matches()) {
        Set<String> uses = new TreeSet<>();
        Matcher name = Pattern.compile("`([a-z.]+)`").matcher(m.group(2));
        while (name.find()) {
          uses.add(name.group(1));
        }
        String key = m.group(1).startsWith("(") ? "" : m.group(1).replace("`", "");
        rows.put(key, uses);
      }
    }
    assertThat(rows).hasSizeGreaterThan(10);
    return rows;
  }
}
