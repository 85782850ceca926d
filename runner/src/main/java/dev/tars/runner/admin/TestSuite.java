package dev.tars.runner.admin;

import dev.tars.runner.files.NamedFile;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicyTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds policy tests: in files that are named, below directories, and where a policy says. */
final class TestSuite {
  private static final Pattern TEST = Pattern.compile("(?m)^kind: *[\"']?PolicyTest\\b");
  private static final Pattern POLICY = Pattern.compile("(?m)^kind: *[\"']?PermissionPolicy\\b");
  private static final Set<String> SKIPPED = Set.of("target", "node_modules", "build", ".git");
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_FILES = 10_000;

  private final PolicyLoader loader;
  private final Set<Path> tests = new LinkedHashSet<>();

  private TestSuite(PolicyLoader loader) {
    this.loader = loader;
  }

  /** The files by the policy that they are about. */
  static Map<String, List<PolicyTestFile>> find(List<Path> places, PolicyLoader loader) {
    TestSuite suite = new TestSuite(loader);
    places.forEach(suite::place);
    Map<String, List<PolicyTestFile>> found = new LinkedHashMap<>();
    for (Path test : suite.tests) {
      PolicyTestFile file = PolicyTestReader.read(test);
      found.computeIfAbsent(file.policy(), p -> new ArrayList<>()).add(file);
    }
    return found;
  }

  private void place(Path place) {
    if (Files.isDirectory(place)) {
      below(place);
    } else if (!Files.isRegularFile(place)) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "there is no such file or directory")
          .at(Escape.line(place.toString()))
          .help("name a policy, a policy test, or a directory of tests");
    } else if (says(place, POLICY)) {
      namedBy(place);
    } else {
      tests.add(normal(place)); // reading it says what is wrong with it
    }
  }

  private void below(Path directory) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              boolean skipped =
                  !dir.equals(directory) && SKIPPED.contains(String.valueOf(dir.getFileName()));
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              boolean yaml = file.toString().matches(".*\\.ya?ml");
              if (yaml && attributes.isRegularFile() && says(file, TEST)) {
                found.add(normal(file));
              }
              return found.size() < MOST_FILES
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.TERMINATE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.stream().sorted().forEach(tests::add);
  }

  /** The files that a policy's own {@code tests} name. */
  private void namedBy(Path policy) {
    EffectivePolicy loaded = loader.alone(policy.toAbsolutePath().toString());
    for (PolicyTests named : loaded.tests()) {
      named.directory().ifPresent(directory -> matching(named, directory));
    }
  }

  private void matching(PolicyTests named, Path directory) {
    List<Path> found = new ArrayList<>();
    try (var files = Files.walk(directory)) {
      files
          .filter(Files::isRegularFile)
          .filter(f -> matches(named, directory.relativize(f).toString()))
          .forEach(f -> found.add(normal(f)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.stream().sorted().forEach(tests::add);
  }

  private static boolean matches(PolicyTests named, String path) {
    try {
      return named.pattern().matches(dev.tars.runner.model.RelativePath.of(path));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Path normal(Path file) {
    return file.toAbsolutePath().normalize();
  }

  private static boolean says(Path file, Pattern kind) {
    try {
      byte[] bytes = NamedFile.read(file, MOST_BYTES);
      return kind.matcher(new String(bytes, java.nio.charset.StandardCharsets.UTF_8)).find();
    } catch (IOException e) {
      return false;
    }
  }
}
