package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Imports a diff, lets git apply the same, and holds the two trees against each other. */
final class PatchOracle {
  private final Path place;
  private final Path repository;
  private String said = "";

  PatchOracle(Path place) throws IOException, InterruptedException {
    this.place = place;
    this.repository = Files.createDirectory(place.resolve("repository"));
    git(repository, "init", "-q", ".");
  }

  enum Outcome {
    SAME,
    /** We refused what git applies. */
    REFUSED,
    REFUSED_BY_BOTH,
    DIFFERENT
  }

  /** A file: its bytes one character each, and whether it is executable or a link. */
  record Entry(String content, char kind) {}

  String said() {
    return said;
  }

  Path repository() {
    return repository;
  }

  Path place() {
    return place;
  }

  Outcome compare(RandomDiff made, String diff) throws IOException, InterruptedException {
    Path patch = place.resolve("the.patch");
    Files.writeString(patch, diff, StandardCharsets.ISO_8859_1);
    Optional<Map<String, Entry>> theirs =
        made.isSeries() ? mailed(made, patch) : applied(made, patch, made.isPlainNames());
    if (made.isSeries() && theirs.isEmpty()) {
      theirs = applied(made, patch, false); // what is damaged may be the mail and not the diff
    }
    Optional<Map<String, Entry>> ours = imported(made.before(), patch);
    said = differences(ours, theirs);
    if (ours.isEmpty()) {
      return theirs.isEmpty() ? Outcome.REFUSED_BY_BOTH : Outcome.REFUSED;
    }
    return ours.equals(theirs) ? Outcome.SAME : Outcome.DIFFERENT;
  }

  private static String differences(
      Optional<Map<String, Entry>> ours, Optional<Map<String, Entry>> theirs) {
    if (ours.isEmpty() || theirs.isEmpty()) {
      return (ours.isEmpty() ? "refused by us" : "imported")
          + (theirs.isEmpty() ? ", refused by git" : ", applied by git");
    }
    StringBuilder text = new StringBuilder();
    TreeMap<String, Entry> all = new TreeMap<>(ours.get());
    all.putAll(theirs.get());
    for (String name : all.keySet()) {
      Entry one = ours.get().get(name);
      Entry two = theirs.get().get(name);
      if (!java.util.Objects.equals(one, two)) {
        text.append(name).append("\nours ").append(one).append("\ngit  ").append(two).append('\n');
      }
    }
    return text.toString();
  }

  // ---- git

  private Optional<Map<String, Entry>> applied(RandomDiff made, Path patch, boolean plainNames)
      throws IOException, InterruptedException {
    Path tree = place.resolve("git-tree");
    write(tree, made.before());
    boolean done = git(tree, "apply", plainNames ? "-p0" : "-p1", patch.toString());
    return done ? Optional.of(read(tree)) : Optional.empty();
  }

  private Optional<Map<String, Entry>> mailed(RandomDiff made, Path patch)
      throws IOException, InterruptedException {
    git(repository, "checkout", "-q", "-f", "--detach", made.commit());
    git(repository, "clean", "-q", "-f", "-d", "-x");
    boolean done = git(repository, "am", "-q", "--keep-cr", patch.toString());
    if (!done) {
      git(repository, "am", "--quit");
    }
    return done ? Optional.of(read(repository)) : Optional.empty();
  }

  boolean git(Path directory, String... words) throws IOException, InterruptedException {
    return run(directory, Optional.empty(), words);
  }

  /** Runs git; its output goes to the file, if one is given. */
  boolean run(Path directory, Optional<Path> out, String... words)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "core.autocrlf=false", "-c", "gc.auto=0"));
    command.addAll(List.of("-c", "user.name=x", "-c", "user.email=x@example.org"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("GIT_CEILING_DIRECTORIES", place.toString());
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.redirectErrorStream(out.isEmpty());
    builder.redirectOutput(out.map(Path::toFile).orElse(place.resolve("git-said").toFile()));
    builder.redirectError(
        out.isEmpty() ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.DISCARD);
    return builder.start().waitFor() == 0;
  }

  // ---- ours

  private Optional<Map<String, Entry>> imported(Map<String, Entry> before, Path patch)
      throws IOException {
    Path workspace = place.resolve("workspace");
    write(workspace, Map.of());
    Map<RelativePath, FileImage> files = new TreeMap<>();
    before.forEach((name, entry) -> files.put(path(name), image(entry)));
    try {
      Improvements improvements = new Improvements(workspace);
      Path file = improvements.importPatch("X", "x", patch, new Images(files));
      Plan plan = ImprovementReader.read(file, "X.yaml");
      for (Step step : plan.steps()) {
        apply(step.action(), files);
      }
    } catch (RunnerException e) {
      return Optional.empty();
    }
    Map<String, Entry> after = new TreeMap<>();
    files.forEach((path, image) -> after.put(latin(path.bytes()), entry(image)));
    return Optional.of(after);
  }

  private static void apply(StepAction action, Map<RelativePath, FileImage> files) {
    switch (action) {
      case StepAction.DeleteFile delete -> {
        boolean directory = files.keySet().stream().anyMatch(p -> delete.file().contains(p));
        if (files.remove(delete.file()) == null && directory) {
          throw new AssertionError("a directory is removed that is not empty: " + delete.file());
        }
      }
      case StepAction.EditFile edit -> {
        FileImage image = files.get(edit.file());
        if (image == null) {
          throw refused();
        }
        files.put(edit.file(), Edits.apply(Optional.of(image), edit.edits(), edit.file()).image());
      }
      case StepAction.CreateFile create -> {
        boolean inTheWay =
            files.keySet().stream()
                .anyMatch(p -> p.contains(create.file()) || create.file().contains(p));
        if (inTheWay) {
          throw refused();
        }
        files.put(
            create.file(), Edits.apply(Optional.empty(), create.edits(), create.file()).image());
      }
      default -> throw new AssertionError("an import makes no such step: " + action);
    }
  }

  private static RunnerException refused() {
    return new RunnerException(
        dev.tars.runner.model.FailureCode.EDIT_CONFLICT, "in the way", "none");
  }

  private record Images(Map<RelativePath, FileImage> files) implements WorkspaceView {
    @Override
    public Optional<FileImage> file(RelativePath path) {
      return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<Bytes> names(RelativePath directory) {
      return files.keySet().stream()
          .filter(p -> directory.contains(p) && !p.equals(directory))
          .map(p -> p.components().get(directory.components().size()))
          .distinct()
          .toList();
    }
  }

  private static FileImage image(Entry entry) {
    Bytes content = bytes(entry.content());
    return entry.kind() == 'l'
        ? new FileImage.Link(content)
        : new FileImage.Regular(content, entry.kind() == 'x' ? 0755 : 0644);
  }

  private static Entry entry(FileImage image) {
    return switch (image) {
      case FileImage.Link link -> new Entry(latin(link.target()), 'l');
      case FileImage.Regular file ->
          new Entry(latin(file.content()), (file.mode() & 0100) != 0 ? 'x' : 'f');
    };
  }

  private static RelativePath path(String name) {
    return RelativePath.of(bytes(name));
  }

  private static Bytes bytes(String latin) {
    return Bytes.of(latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String latin(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
  }

  // ---- trees

  static void write(Path tree, Map<String, Entry> entries) throws IOException {
    clear(tree);
    Files.createDirectories(tree);
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Path file = tree.resolve(named.getKey());
      Files.createDirectories(file.getParent());
      Entry entry = named.getValue();
      if (entry.kind() == 'l') {
        Files.createSymbolicLink(file, Path.of(entry.content()));
        continue;
      }
      Files.write(file, entry.content().getBytes(StandardCharsets.ISO_8859_1));
      if (entry.kind() == 'x') {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  /** All but git's own directory. */
  static void clear(Path tree) throws IOException {
    if (!Files.isDirectory(tree)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(tree) && !tree.relativize(path).startsWith(".git")) {
          Files.delete(path);
        }
      }
    }
  }

  private static Map<String, Entry> read(Path tree) {
    Map<String, Entry> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.toList()) {
        String name = tree.relativize(path).toString();
        if (name.equals(".git") || name.startsWith(".git/")) {
          continue;
        }
        if (Files.isSymbolicLink(path)) {
          found.put(name, new Entry(Files.readSymbolicLink(path).toString(), 'l'));
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          String content = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
          found.put(name, new Entry(content, Files.isExecutable(path) && isX(path) ? 'x' : 'f'));
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isX(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path)).charAt(2) == 'x';
  }
}
