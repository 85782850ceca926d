package dev.tars.cli;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Wrong flags and arguments, in the shape of every other error. */
final class UsageErrors implements IParameterExceptionHandler {
  private static final Pattern CHOICES =
      Pattern.compile("(expected one of \\[[A-Z, _]*]) \\(case-insensitive\\)");

  private final Console console;

  UsageErrors(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String what =
        e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()
            ? name + " does not know '" + unmatched.getUnmatched().getFirst() + "'"
            : plain(String.valueOf(e.getMessage()));
    RunnerException.Builder error = RunnerException.of(FailureCode.USAGE, Escape.line(what));
    if (!name.equals("tarscli")) {
      error.at(name);
    }
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> near = near(unmatched);
      if (!near.isEmpty()) {
        error.note("did you mean: " + String.join(", ", near));
      }
    }
    boolean json = List.of(args).contains("json") || List.of(args).contains("--format=json");
    return new Failures(console)
        .report(error.help("see `" + name + " --help`"), json, new Paint(false));
  }

  private static List<String> near(UnmatchedArgumentException e) {
    String word = e.getUnmatched().getFirst();
    if (word.matches("-[a-z][a-z-]+")) {
      return List.of("-" + word);
    }
    List<String> near = e.getSuggestions();
    return near.subList(0, Math.min(3, near.size()));
  }

  /** Words as they are documented, not as constants and types are spelt. */
  private static String plain(String message) {
    return CHOICES
        .matcher(message)
        .replaceAll(m -> m.group(1).toLowerCase(Locale.ROOT))
        .replaceFirst("^Error: ", "")
        .replaceFirst("^Invalid value", "invalid value")
        .replaceFirst("^Missing required", "missing")
        .replaceFirst(" is not an? (?:double|int|long)$", " is no number");
  }
}
