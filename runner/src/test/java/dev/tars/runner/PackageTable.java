package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The package table of docs/architecture.md.
 *
 * @param rows package below {@link #ROOT} to the packages it may use, as the table has them, from
 *     top to bottom; the root itself, which may use all of them, is not among them
 */
record PackageTable(Map<String, Set<String>> rows) {
  static final String ROOT = "dev.tars.runner";

  private static final Pattern ROW =
      Pattern.compile("^\\| (\\(root\\)|`[a-z.]+`) \\|[^|]*\\| ?([^|]*)\\|$");
  private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

  static PackageTable read() throws IOException {
    Map<String, Set<String>> rows = new LinkedHashMap<>();
    String page = Files.readString(Path.of("../docs/architecture.md"));
    String section = page.substring(page.indexOf("## Packages of"));
    for (String line : section.substring(0, section.indexOf("\n## ")).lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches() && !row.group(1).startsWith("(")) {
        Set<String> uses = new TreeSet<>();
        NAME.matcher(row.group(2)).results().forEach(name -> uses.add(name.group(1)));
        assertThat(rows.put(row.group(1).replace("`", ""), uses)).isNull();
      }
    }
    assertThat(rows).hasSizeGreaterThan(10);
    return new PackageTable(rows);
  }

  /** Every dependency that the table does not allow, and every class that has no row in it. */
  Set<String> violations(Iterable<JavaClass> classes) {
    Set<String> violations = new TreeSet<>();
    for (JavaClass type : classes) {
      String from = below(type);
      if (!from.isEmpty() && !rows.containsKey(from)) {
        violations.add(from + " has no row (" + type.getName() + ")");
        continue;
      }
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target) && !isAllowed(from, below(target))) {
          violations.add(from + " -> " + below(target) + " (" + type.getName() + ")");
        }
      }
    }
    return violations;
  }

  /** Rows that use a row which does not stand below them. */
  List<String> upwards() {
    List<String> order = List.copyOf(rows.keySet());
    List<String> upwards = new ArrayList<>();
    rows.forEach((from, uses) ->
        uses.stream()
            .filter(to -> order.indexOf(to) <= order.indexOf(from))
            .forEach(to -> upwards.add(from + " -> " + to)));
    return upwards;
  }

  private boolean isAllowed(String from, String to) {
    return from.isEmpty() || from.equals(to) || rows.get(from).contains(to);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  /** The package of a class as the table names it; empty for the root. */
  static String below(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }
}
