package dev.tars.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package table of docs/architecture.md, compared with the classes. */
class ArchitectureTest {
  private static final String ROOT = PackageTable.ROOT;
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @TempDir Path compiled;

  @Test
  void enoughClassesAreScannedForTheRulesToMeanSomething() {
    assertThat(CLASSES.size()).isGreaterThan(150);
  }

  @Test
  void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
    assertThat(PackageTable.read().violations(CLASSES)).isEmpty();
  }

  @Test
  void everyRowIsAPackage() throws IOException {
    assertThat(CLASSES.stream().map(PackageTable::below))
        .containsAll(PackageTable.read().rows().keySet());
  }

  @Test
  void theTableGoesFromTopToBottomSoThatNoPackagesFormACycle() throws IOException {
    assertThat(PackageTable.read().upwards()).isEmpty();
    PackageTable circle = new PackageTable(Map.of("a", Set.of("b"), "b", Set.of("a")));
    assertThat(circle.upwards()).hasSize(1);
  }

  @Test
  void everyRowIsSeenToForbidWhatItDoesNotName() throws IOException {
    PackageTable table = PackageTable.read();
    for (String from : table.rows().keySet()) {
      Set<String> forbidden = new TreeSet<>(table.rows().keySet());
      forbidden.add("");
      forbidden.add("unlisted");
      forbidden.add(from + ".unlisted");
      forbidden.remove(from);
      forbidden.removeAll(table.rows().get(from));
      for (String to : forbidden) {
        assertThat(table.violations(planted(from, to))).as(from + " -> " + to).hasSize(1);
      }
      for (String to : table.rows().get(from)) {
        assertThat(table.violations(planted(from, to))).as(from + " -> " + to).isEmpty();
      }
    }
  }

  @Test
  void aPackageWithoutARowIsAViolation() throws IOException {
    PackageTable table = PackageTable.read();
    assertThat(table.violations(planted("unlisted", "model"))).hasSize(1);
    assertThat(table.violations(planted("validation.unlisted", "model"))).hasSize(1);
  }

  /** A class of one package that has a field of a class of another. */
  private JavaClasses planted(String from, String to) throws IOException {
    ClassDesc field = ClassDesc.of(named(to, "Target"));
    Path file = compiled.resolve("Planted.class");
    ClassFile.of()
        .buildTo(
            file,
            ClassDesc.of(named(from, "Planted")),
            type -> type.withField("field", field, ClassFile.ACC_PRIVATE));
    JavaClasses classes = new ClassFileImporter().importPath(file);
    assertThat(classes).hasSize(1);
    return classes;
  }

  private static String named(String below, String name) {
    return ROOT + (below.isEmpty() ? "" : "." + below) + "." + name;
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
}
