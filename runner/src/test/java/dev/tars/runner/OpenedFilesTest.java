package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tars.runner.store.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of docs/opened-files.md, compared with the code that opens files. */
class OpenedFilesTest {
  private static final Path TABLE = Path.of("../docs/opened-files.md");
  private static final Pattern NAME = Pattern.compile("`([A-Za-z.]+)`");

  /** Classes whose construction opens a file. */
  private static final Set<String> OPENING_CLASSES =
      Set.of(
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.util.zip.ZipFile",
          "java.util.jar.JarFile",
          "java.util.Scanner",
          "java.util.Formatter",
          "java.io.PrintWriter",
          "java.io.PrintStream");

  /** What {@code Files} has that neither reads, writes nor lists. */
  private static final Set<String> LOOKS =
      Set.of(
          "exists",
          "notExists",
          "isDirectory",
          "isRegularFile",
          "isSymbolicLink",
          "isSameFile",
          "isReadable",
          "isExecutable",
          "isWritable",
          "getAttribute",
          "readAttributes",
          "getOwner",
          "getPosixFilePermissions",
          "size",
          "readSymbolicLink");

  /** One row: classes of one kind, and the tests that plant something in their place. */
  private record Row(List<String> classes, List<String> tests) {}

  @Test
  void everyClassThatOpensAFileIsInTheTableAndNoOther() throws IOException {
    List<String> listed = new ArrayList<>();
    rows().forEach(row -> listed.addAll(row.classes()));
    assertThat(listed).doesNotHaveDuplicates();
    Set<String> opening = new TreeSet<>(openersOfTheLibrary());
    opening.addAll(openersOfSources(Path.of("../cli/src/main/java")));
    assertThat(opening).hasSizeGreaterThan(50);
    assertThat(listed).containsExactlyInAnyOrderElementsOf(opening);
  }

  @Test
  void everyTestThatTheTableNamesIsThere() throws IOException {
    Set<String> tests = new HashSet<>();
    for (String module : List.of("../runner", "../cli")) {
      try (Stream<Path> files = Files.walk(Path.of(module, "src/test/java"))) {
        files.forEach(f -> tests.add(f.getFileName().toString().replace(".java", "")));
      }
    }
    for (Row row : rows()) {
      assertThat(row.tests()).as(row.classes().toString()).isNotEmpty();
      assertThat(tests).containsAll(row.tests());
    }
  }

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" \\| "))
        .map(cells -> new Row(names(cells[0]), names(cells[cells.length - 1])))
        .toList();
  }

  private static List<String> names(String cell) {
    return NAME.matcher(cell).results().map(m -> m.group(1)).toList();
  }

  private static Set<String> openersOfTheLibrary() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(PackageTable.ROOT);
    Set<String> openers = new TreeSet<>();
    for (JavaClass scanned : classes) {
      if (scanned.getAccessesFromSelf().stream().anyMatch(OpenedFilesTest::opens)) {
        JavaClass outer = scanned;
        while (outer.getEnclosingClass().isPresent()) {
          outer = outer.getEnclosingClass().get();
        }
        openers.add(outer.getSimpleName());
      }
    }
    return openers;
  }

  private static boolean opens(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    String owner = target.getOwner().getName();
    String name = target.getName();
    if (name.equals("<init>")) {
      return OPENING_CLASSES.contains(owner)
          && target instanceof AccessTarget.CodeUnitAccessTarget made
          && made.getRawParameterTypes().stream()
              .anyMatch(t ->
                  t.getName().equals("java.io.File")
                      || (t.getName().equals("java.lang.String") && owner.startsWith("java.io.")));
    }
    return switch (owner) {
      case "java.nio.file.Files" -> !LOOKS.contains(name);
      case "java.nio.channels.FileChannel", "java.nio.channels.AsynchronousFileChannel" ->
          name.equals("open");
      case "java.nio.file.SecureDirectoryStream" ->
          name.equals("newByteChannel") || name.equals("newDirectoryStream");
      default ->
          target.getOwner().isAssignableTo(Disk.class)
              && (name.equals("open") || name.equals("create"));
    };
  }

  private static final Pattern SOURCE =
      Pattern.compile(
          "\\bFiles(\\.|::)(?!"
              + String.join("|", LOOKS)
              + ")\\w+|FileChannel\\.open|\\bnew (FileInputStream|FileOutputStream|FileReader"
              + "|FileWriter|RandomAccessFile|ZipFile|JarFile)\\b");

  private static Set<String> openersOfSources(Path sources) throws IOException {
    Set<String> openers = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String code = Files.readString(file).replaceAll("(?m)^import .*$", "");
        if (SOURCE.matcher(code).find()) {
          openers.add(file.getFileName().toString().replace(".java", ""));
        }
      }
    }
    return openers;
  }
}
