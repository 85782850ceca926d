package dev.tars.egress.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * One jar of the packages that gateway and proxy need, whichever class path entry they are in. It
 * is small, opens quickly, holds nothing else of the runner, and is the same on every machine.
 */
final class EgressJar {
  private static final List<String> PACKAGES =
      List.of(
          "dev/tars/egress/",
          "dev/tars/runner/policy/net/",
          "dev/tars/runner/model/",
          "io/netty/",
          "com/fasterxml/jackson/annotation/",
          "com/fasterxml/jackson/core/",
          "com/fasterxml/jackson/databind/");

  private EgressJar() {}

  static Path write(List<Path> classPath, Path jar) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    for (Path entry : classPath) {
      if (Files.isDirectory(entry)) {
        collect(entry, classes);
      } else if (Files.exists(entry)) {
        try (FileSystem zip = FileSystems.newFileSystem(entry)) {
          collect(zip.getPath("/"), classes);
        }
      }
    }
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar));
        JarOutputStream out = new JarOutputStream(file)) {
      for (Map.Entry<String, byte[]> one : classes.entrySet()) {
        ZipEntry entry = new ZipEntry(one.getKey());
        entry.setTimeLocal(java.time.LocalDateTime.of(2026, 1, 1, 0, 0));
        out.putNextEntry(entry);
        out.write(one.getValue());
        out.closeEntry();
      }
    }
    return jar;
  }

  private static void collect(Path root, Map<String, byte[]> classes) throws IOException {
    for (String name : PACKAGES) {
      Path directory = root.resolve(name);
      if (!Files.isDirectory(directory)) {
        continue;
      }
      int depth = name.equals("dev/tars/egress/") ? 1 : Integer.MAX_VALUE; // not what builds it
      try (Stream<Path> paths = Files.walk(directory, depth)) {
        paths
            .filter(p -> p.toString().endsWith(".class"))
            .forEach(p -> classes.putIfAbsent(root.relativize(p).toString(), bytes(p)));
      }
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
