package dev.tars.runner.promotion;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Java processes that start fast: the classes are packed into one jar, and what they load is kept
 * in an archive that the next ones map.
 */
final class ChildJvm {
  private final Path directory;
  private final List<String> start = new ArrayList<>();

  private ChildJvm(Path directory) {
    this.directory = directory;
  }

  /** Keeps its jar and its archive in {@code directory}; {@code warm} is run once to fill it. */
  static ChildJvm in(Path directory, List<String> warm) throws IOException, InterruptedException {
    ChildJvm jvm = new ChildJvm(directory);
    Path jar = directory.resolve("child.jar");
    List<String> libraries = new ArrayList<>(List.of(jar.toString()));
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out)) {
      for (String part : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
        if (Files.isDirectory(Path.of(part))) {
          pack(Path.of(part), packed);
        } else if (part.contains("jackson-") || part.contains("jspecify")) {
          libraries.add(part);
        }
      }
    }
    Path archive = directory.resolve("child.jsa");
    jvm.start.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xmx96m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            String.join(java.io.File.pathSeparator, libraries)));
    List<String> first = new ArrayList<>(List.of("-XX:ArchiveClassesAtExit=" + archive));
    jvm.run(jvm.command(List.of(), first, warm));
    if (Files.exists(archive)) {
      jvm.start.add(1, "-XX:SharedArchiveFile=" + archive);
    }
    return jvm;
  }

  private static void pack(Path root, JarOutputStream packed) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (name.startsWith("dev/tars/")) {
          packed.putNextEntry(new JarEntry(name));
          Files.copy(file, packed);
          packed.closeEntry();
        }
      }
    }
  }

  private List<String> command(List<String> before, List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>(before);
    command.add(start.getFirst());
    command.addAll(flags);
    command.addAll(start.subList(1, start.size()));
    command.add(KillMain.class.getName());
    command.addAll(arguments);
    return command;
  }

  /** The exit code of a process with these arguments, started by {@code before}. */
  int run(List<String> before, List<String> arguments) throws IOException, InterruptedException {
    return run(command(before, List.of(), arguments));
  }

  Process begin(List<String> arguments) throws IOException {
    return new ProcessBuilder(command(List.of(), List.of(), arguments))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private int run(List<String> command) throws IOException, InterruptedException {
    Path said = Files.createTempFile(directory, "said", "");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("it never ended: " + command);
    }
    int exit = process.exitValue();
    if (exit != 0 && exit != 137) {
      throw new AssertionError(command + ": exit " + exit + "\n" + Files.readString(said));
    }
    Files.delete(said);
    return exit;
  }
}
