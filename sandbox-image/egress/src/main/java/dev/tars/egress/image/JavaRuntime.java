package dev.tars.egress.image;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The Java runtime of the image, cut out of the JDK that runs this. */
final class JavaRuntime {
  private static final String MODULES = "java.base,java.logging,jdk.unsupported";

  private JavaRuntime() {}

  static void link(Path runtime) throws IOException {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() ->
                new RunnerException(
                    FailureCode.USAGE, "this Java has no jlink", "Build with a JDK."));
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int exit =
        jlink.run(
            out,
            out,
            "--add-modules",
            MODULES,
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            runtime.toString());
    if (exit != 0) {
      throw RunnerException.of(FailureCode.IO_FAILED, "jlink made no Java runtime")
          .note(Escape.line(said.toString().strip()))
          .help("Build with an unchanged JDK 25 or newer.");
    }
    try (Stream<Path> legal = Files.walk(runtime.resolve("legal"))) {
      // Links between modules, which the image would hold several times over.
      for (Path link :
          legal.sorted(Comparator.reverseOrder()).filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
    List<String> tools = List.of("keytool", "jrunscript", "rmiregistry");
    for (String tool : tools) {
      Files.deleteIfExists(runtime.resolve("bin").resolve(tool));
    }
  }
}
