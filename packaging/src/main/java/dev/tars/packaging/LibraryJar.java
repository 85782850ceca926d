package dev.tars.packaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes one jar of all libraries, for a process that starts fast.
 *
 * <p>The JDK's AOT cache holds no class of a signed jar and no class file older than version 50;
 * both are loaded, verified and linked again at each start. And each class that somebody looks for
 * in vain opens every jar of the class path. So signatures are left out (Maven has compared each
 * jar with its checksum), older class files are raised with {@link ClassUpgrade}, and there is one
 * jar.
 */
public final class LibraryJar {
  private LibraryJar() {}

  /**
   * Writes the jar, unless it is newer than each of its parts and has the same ones.
   *
   * @param args the directory of the libraries; the beginning of the names of jars in it that are
   *     left out; the jar to write
   * @throws IOException if a jar cannot be read or written, if a class cannot be raised, or if two
   *     libraries have different files of one name
   */
  public static void main(String... args) throws IOException {
    Path jar = Path.of(args[2]);
    List<Path> parts = parts(Path.of(args[0]), args[1]);
    if (!isCurrent(jar, parts)) {
      Path beside = jar.resolveSibling(jar.getFileName() + ".new");
      try (OutputStream file = Files.newOutputStream(beside);
          MergedJar merged = new MergedJar(file, names(parts))) {
        for (Path part : parts) {
          merged.add(part);
        }
        merged.finish();
      }
      Files.move(beside, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static List<Path> parts(Path directory, String own) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(p -> p.toString().endsWith(".jar"))
          .filter(p -> !p.getFileName().toString().startsWith(own))
          .sorted()
          .toList();
    }
  }

  private static boolean isCurrent(Path jar, List<Path> parts) throws IOException {
    if (!Files.exists(jar) || !MergedJar.partsOf(jar).equals(names(parts))) {
      return false;
    }
    for (Path part : parts) {
      if (Files.getLastModifiedTime(part).compareTo(Files.getLastModifiedTime(jar)) > 0) {
        return false;
      }
    }
    return true;
  }

  /** By name and size: a library's name has its version. */
  private static String names(List<Path> parts) throws IOException {
    StringBuilder names = new StringBuilder();
    for (Path part : parts) {
      names.append(part.getFileName()).append('/').append(Files.size(part)).append(' ');
    }
    return names.toString().strip();
  }
}
