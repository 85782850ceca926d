package dev.tars.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Lines of {@code complete} for the shell fish, which picocli does not write. */
final class FishCompletion {
  private final StringBuilder script = new StringBuilder();

  private FishCompletion() {}

  static String of(CommandSpec top) {
    FishCompletion completion = new FishCompletion();
    completion.script.append("complete -c tarscli -f\n");
    completion.command(top, List.of());
    return completion.script.toString();
  }

  private void command(CommandSpec spec, List<String> above) {
    Map<String, CommandLine> below = spec.subcommands();
    String here = condition(above, List.copyOf(below.keySet()));
    below.forEach((name, line) -> {
      line(here, "-a " + quoted(name), first(line.getCommandSpec().usageMessage().description()));
      List<String> deeper = new java.util.ArrayList<>(above);
      deeper.add(name);
      command(line.getCommandSpec(), deeper);
    });
    if (below.isEmpty()) {
      spec.options().stream().filter(option -> !option.hidden()).forEach(o -> option(here, o));
    }
  }

  /** A line counts where the words above were typed and none of those below. */
  private static String condition(List<String> above, List<String> below) {
    StringBuilder condition = new StringBuilder("true");
    above.forEach(word -> condition.append("; and __fish_seen_subcommand_from ").append(word));
    if (!below.isEmpty()) {
      condition.append("; and not __fish_seen_subcommand_from ").append(String.join(" ", below));
    }
    return condition.toString();
  }

  private void option(String condition, OptionSpec option) {
    for (String name : option.names()) {
      String word = name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
      String value = option.arity().max() > 0 ? " -r -F" : "";
      line(condition, word + value, first(option.description()));
    }
  }

  private void line(String condition, String what, String description) {
    script.append("complete -c tarscli -n ").append(quoted(condition)).append(' ').append(what);
    script.append(" -d ").append(quoted(description)).append('\n');
  }

  private static String first(String[] lines) {
    return lines.length == 0 ? "" : lines[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
