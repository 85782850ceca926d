package dev.tars.runner.validation.checks;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Java: parsed by the JDK's own compiler in memory, and nothing after parsing; no annotation
 * processor, no class path.
 */
final class JavaSyntax implements Syntax {
  private static final long STACK = 16L << 20;

  @Override
  public Optional<Problem> problem(byte[] content) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      return Optional.of(new Problem(0, "cannot be parsed: this Java runtime has no compiler"));
    }
    // The parser recurses: deep nesting must end its own small stack and not the caller's.
    Parsing parsing = new Parsing(compiler, new String(content, StandardCharsets.UTF_8));
    Thread thread = new Thread(null, parsing, "java-syntax", STACK);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Problem(0, "parsing was interrupted"));
    }
    return parsing.problem;
  }

  private static final class Parsing implements Runnable {
    private final JavaCompiler compiler;
    private final String source;
    private Optional<Problem> problem = Optional.empty();

    Parsing(JavaCompiler compiler, String source) {
      this.compiler = compiler;
      this.source = source;
    }

    @Override
    public void run() {
      DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
      try {
        JavacTask task =
            (JavacTask)
                compiler.getTask(
                    // The compiler writes its own crashes there.
                    Writer.nullWriter(),
                    null,
                    found,
                    List.of("-proc:none", "-implicit:none", "-Xmaxerrs", "1"),
                    null,
                    List.of(new Source(source)));
        task.parse();
        problem =
            found.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .findFirst()
                .map(d ->
                    new Problem((int) Math.max(0, d.getLineNumber()), d.getMessage(Locale.ROOT)));
      } catch (StackOverflowError e) {
        problem = Optional.of(new Problem(0, "is nested too deeply to be parsed"));
      } catch (IOException | RuntimeException e) {
        // The compiler's own faults come wrapped; whichever it is, the file was not parsed.
        problem = Optional.of(new Problem(0, "cannot be parsed: " + e));
      }
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Source.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
