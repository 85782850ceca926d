package dev.tars.cli;

import dev.tars.runner.model.FailureCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Starts the command line and turns what happens into an exit status. */
public final class Main {
  private static final char REPLACEMENT = '\uFFFD';

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args, Console.ofProcess()));
  }

  static int run(String[] words, Console console) {
    Optional<FailureCode> code = CodeHelp.asked(words);
    if (code.isPresent()) {
      console.out().println(CodeHelp.text(code.get()));
      console.flush();
      return 0;
    }
    String[] args = helpAsOption(words);
    Words first = Words.of(args);
    CommandLine line = tree(first, console);
    if (unreadable(args)) {
      int status = refuse(line, args, new UsageErrors(console));
      console.flush();
      return status;
    }
    // What a short tree cannot answer, the one with all names does; nothing has run by then.
    IntSupplier whole =
        () -> execute(tree(first.listingOthers(), console), args, new Failures(console));
    line.setParameterExceptionHandler((_, _) -> whole.getAsInt());
    line.setExecutionStrategy(
        parsed -> isCommand(parsed) ? new CommandLine.RunLast().execute(parsed) : whole.getAsInt());
    int status = execute(line, args, new Failures(console));
    console.flush();
    return status;
  }

  /** True if a command was named that does something, and no help was asked for. */
  private static boolean isCommand(ParseResult parsed) {
    List<CommandLine> named = parsed.asCommandLineList();
    Object last = named.getLast().getCommandSpec().userObject();
    return named.stream().noneMatch(CommandLine::isUsageHelpRequested)
        && !(last instanceof GroupCommand || last instanceof Tarscli);
  }

  private static CommandLine tree(Words words, Console console) {
    CommandLine line = Commands.tree(words, console);
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    CommandHelp.setUp(line);
    line.setParameterExceptionHandler(new UsageErrors(console));
    line.setExecutionExceptionHandler(new Failures(console));
    return line;
  }

  /** Bytes that were no UTF-8 are lost by now: what stands for them could be another file. */
  private static boolean unreadable(String[] args) {
    return Arrays.stream(args).anyMatch(a -> a.indexOf(REPLACEMENT) >= 0);
  }

  private static int refuse(CommandLine line, String[] args, UsageErrors usage) {
    return usage.handleParseException(
        new CommandLine.ParameterException(
            line, "an argument is not UTF-8, so it is not known what it names"),
        args);
  }

  /** Errors of the virtual machine too: picocli hands only exceptions to its handler. */
  static int execute(CommandLine line, String[] args, Failures failures) {
    try {
      return line.execute(args);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return failures.exhausted(e, line);
    }
  }

  /** {@code tarscli help execute diff} is {@code tarscli execute diff --help}. */
  private static String[] helpAsOption(String[] args) {
    if (args.length == 0 || !args[0].equals("help")) {
      return args;
    }
    String[] moved = Arrays.copyOfRange(args, 1, args.length + 1);
    moved[args.length - 1] = "--help";
    return moved;
  }
}
