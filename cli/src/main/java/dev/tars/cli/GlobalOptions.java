package dev.tars.cli;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, at any place of the command line. */
final class GlobalOptions {
  @Option(
      scope = ScopeType.INHERIT,
      names = {"-w", "--workspace"},
      paramLabel = "DIR",
      description = "The workspace (default: the current directory).")
  private @Nullable Path workspace;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "Where tarscli keeps its state (default: $TARS_STATE_DIR, else below the home).")
  private @Nullable Path stateDir;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--format",
      description = "text or json (default: text); policy validate also takes sarif.",
      paramLabel = "FORMAT")
  private Format format = Format.TEXT;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--color",
      description = "auto, always or never.",
      paramLabel = "WHEN")
  private When color = When.AUTO;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--progress",
      description = "auto, tty, plain or none.",
      paramLabel = "HOW")
  private ProgressKind progress = ProgressKind.AUTO;

  @Option(scope = ScopeType.INHERIT, names = "--quiet", description = "Only results and errors.")
  private boolean quiet;

  @Option(
      scope = ScopeType.INHERIT,
      names = "--verbose",
      description = "Also say what is done and why.")
  private boolean verbose;

  Optional<Path> workspace() {
    return Optional.ofNullable(workspace);
  }

  Optional<Path> stateDir() {
    return Optional.ofNullable(stateDir);
  }

  /** For commands that have no other form: SARIF is for findings in files. */
  boolean json() {
    if (format == Format.SARIF) {
      throw new RunnerException(
          FailureCode.USAGE,
          "this command has no SARIF form",
          "use --format json; policy validate and execute report write SARIF");
    }
    return format == Format.JSON;
  }

  Format format() {
    return format;
  }

  boolean verbose() {
    return verbose;
  }

  boolean showProgress() {
    return !quiet && progress != ProgressKind.NONE;
  }

  /**
   * Colours for a stream: by the option, else by {@code NO_COLOR} and the kind of terminal.
   *
   * @param terminal true if the stream goes to one
   */
  Paint paint(boolean terminal) {
    return new Paint(
        switch (color) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> terminal && !isSet("NO_COLOR") && !"dumb".equals(System.getenv("TERM"));
        });
  }

  private static boolean isSet(String variable) {
    String value = System.getenv(variable);
    return value != null && !value.isEmpty();
  }

  enum Format {
    TEXT,
    JSON,
    SARIF
  }

  enum When {
    AUTO,
    ALWAYS,
    NEVER
  }

  enum ProgressKind {
    AUTO,
    TTY,
    PLAIN,
    NONE
  }
}
