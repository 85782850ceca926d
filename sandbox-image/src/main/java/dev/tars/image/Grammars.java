package dev.tars.image;

import dev.tars.runner.model.ByteCount;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tree-sitter and its grammars as shared libraries, for the parsers of the syntax box. They are
 * resources of this module and are never loaded by it.
 */
final class Grammars {
  /** Where the syntax box looks for them. */
  static final String DIRECTORY = "/opt/tars/grammars";

  private static final List<String> NAMES =
      List.of(
          "tree-sitter",
          "tree-sitter-c",
          "tree-sitter-cpp",
          "tree-sitter-css",
          "tree-sitter-dockerfile",
          "tree-sitter-go",
          "tree-sitter-html",
          "tree-sitter-javascript",
          "tree-sitter-kotlin",
          "tree-sitter-php",
          "tree-sitter-ruby",
          "tree-sitter-rust",
          "tree-sitter-sql",
          "tree-sitter-tsx",
          "tree-sitter-typescript");

  private Grammars() {}

  /**
   * Writes the libraries of an architecture into a directory.
   *
   * @param architecture as images name it, for example {@code amd64}
   * @return by path in the image; empty for an architecture that has none
   */
  static Map<String, Path> write(String architecture, Path into) throws IOException {
    String prefix = prefix(architecture);
    Map<String, Path> written = new TreeMap<>();
    if (prefix.isEmpty()) {
      return written;
    }
    for (String name : NAMES) {
      String file = prefix + name + ".so";
      try (InputStream in = open(file)) {
        Files.copy(in, into.resolve(file));
      }
      written.put(DIRECTORY + "/" + file, into.resolve(file));
    }
    return written;
  }

  /** The bytes that the libraries of an architecture add to an image. */
  static ByteCount size(String architecture) throws IOException {
    String prefix = prefix(architecture);
    long sum = 0;
    for (String name : prefix.isEmpty() ? List.<String>of() : NAMES) {
      try (InputStream in = open(prefix + name + ".so")) {
        sum += in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return new ByteCount(sum);
  }

  private static String prefix(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> "x86_64-linux-gnu-";
      case "arm64", "aarch64" -> "aarch64-linux-gnu-";
      default -> "";
    };
  }

  private static InputStream open(String file) throws IOException {
    InputStream in = Grammars.class.getResourceAsStream("grammars/lib/" + file);
    if (in == null) {
      throw new IOException("the grammar " + file + " is missing from this build");
    }
    return in;
  }
}
