package dev.tars.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;

/** Starts the command line and turns what happens into an exit status. */
public final class Main {
  private static final char REPLACEMENT = '\uFFFD';

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args, new Console(System.out, System.err)));
  }

  static int run(String[] words, Console console) {
    String[] args = helpAsOption(words);
    CommandLine line = Commands.tree(args, console);
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    UsageErrors usage = new UsageErrors(console);
    line.setParameterExceptionHandler(usage);
    Failures failures = new Failures(console);
    line.setExecutionExceptionHandler(failures);
    int status = unreadable(args) ? refuse(line, args, usage) : execute(line, args, failures);
    console.flush();
    return status;
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
