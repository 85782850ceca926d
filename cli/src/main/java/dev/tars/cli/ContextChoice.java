package dev.tars.cli;

import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The context that a command is about, as a word of the command line or as an option. */
final class ContextChoice {
  private static final Pattern SHORT = Pattern.compile("(?i)(?:ctx-)?0*([1-9][0-9]{0,17})");

  @Parameters(
      arity = "0..1",
      paramLabel = "CTX",
      description = "CTX-<n>, its number, or last (the newest).")
  private @Nullable String word;

  @Option(
      names = {"-c", "--context-id"},
      paramLabel = "CTX",
      description = "The same as an option.")
  private @Nullable String option;

  /**
   * The id as the runner spells it, if one was given.
   *
   * @throws RunnerException USAGE if two different ones were given
   */
  Optional<String> given() {
    Optional<String> first = Optional.ofNullable(word).map(ContextChoice::spelled);
    Optional<String> second = Optional.ofNullable(option).map(ContextChoice::spelled);
    if (first.isPresent() && second.isPresent() && !first.equals(second)) {
      throw new RunnerException(
          FailureCode.USAGE,
          "two contexts were named: " + first.get() + " and " + second.get(),
          "name one");
    }
    return first.or(() -> second);
  }

  /** The id that was given; without one the command refuses and says which there are. */
  String required() {
    return given()
        .orElseThrow(() ->
            RunnerException.of(FailureCode.USAGE, "which context?")
                .help("add CTX-<n> or last; `tarscli execute status` lists them"));
  }

  /** The id that was given, else the newest context. */
  String orLast() {
    return given().orElse("last");
  }

  /** The id that was given, else the only context that waits for people. */
  String orWaiting(Contexts contexts) {
    return given().orElseGet(() -> only(contexts, "waits for an approval", ContextChoice::waits));
  }

  /** The id that was given, else the only context that runs. */
  String orRunning(Contexts contexts) {
    return given().orElseGet(() -> only(contexts, "runs", ContextRecord::isWorking));
  }

  private static boolean waits(ContextRecord context) {
    return context.state() == Ending.Waiting.AWAITING_APPROVAL;
  }

  private static String only(Contexts contexts, String what, Predicate<ContextRecord> wanted) {
    List<String> found =
        contexts.all(_ -> {}).stream().filter(wanted).map(c -> c.id().text()).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    RunnerException.Builder error =
        RunnerException.of(
            found.isEmpty() ? FailureCode.NOT_FOUND : FailureCode.USAGE,
            found.isEmpty()
                ? "no context " + what
                : found.size() + " contexts: each " + what + ", so which one?");
    found.stream().limit(10).forEach(error::note);
    throw error.help(
        found.isEmpty()
            ? "`tarscli execute status` lists all; add CTX-<n> to look at one"
            : "add one of them to the command");
  }

  private static String spelled(String given) {
    Matcher matcher = SHORT.matcher(given);
    if (matcher.matches()) {
      return "CTX-" + matcher.group(1);
    }
    return given.equalsIgnoreCase("last") ? "last" : given;
  }
}
