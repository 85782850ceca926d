package dev.tars.cli;

import java.util.Comparator;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command: its own options; those of every command are on the first page alone. */
final class CommandHelp {
  private static final String EVERYWHERE =
      "Options of every command, and exit statuses: tarscli --help" + System.lineSeparator();

  private static final Set<String> ON_EVERY_PAGE = Set.of("--help", "--version");

  private static final String[] EXIT_STATUS = {
    "",
    "Exit status:",
    "    0  done                      14  stale: something changed since",
    "    2  wrong usage               15  a time limit was reached",
    "    3  invalid input             16  another limit was reached",
    "    4  not found                 17  in doubt: settle it with recover",
    "    5  engine, image or disk     18  rollback incomplete",
    "   10  a gate or step failed     19  something on record is damaged",
    "   11  the policy denies it      21  a comparison found changes",
    "   12  people must agree         130, 143  interrupted",
    "   13  rejected",
    "`tarscli help TARS-CODE` explains the code of an error."
  };

  private CommandHelp() {}

  /** Applies to the command and all below it. */
  static void setUp(CommandLine top) {
    top.setUsageHelpAutoWidth(true);
    top.getCommandSpec().usageMessage().footer(EXIT_STATUS);
    top.getSubcommands().values().forEach(CommandHelp::ownOptionsOnly);
  }

  private static void ownOptionsOnly(CommandLine line) {
    line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandHelp::ownOptions);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, _ -> "");
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_END_OF_OPTIONS, _ -> EVERYWHERE);
    line.getSubcommands().values().forEach(CommandHelp::ownOptionsOnly);
  }

  private static String ownOptions(Help help) {
    Help.Layout layout = help.createDefaultLayout();
    layout.addAllOptions(
        help.commandSpec().options().stream()
            .filter(CommandHelp::isOwn)
            .sorted(Comparator.comparing(OptionSpec::longestName))
            .toList(),
        help.parameterLabelRenderer());
    return layout.toString();
  }

  private static boolean isOwn(OptionSpec option) {
    return !option.hidden() && !option.inherited() && !ON_EVERY_PAGE.contains(option.longestName());
  }
}
