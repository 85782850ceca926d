package dev.tars.cli;

import picocli.CommandLine;

/** The tree of commands. */
final class Commands {
  private Commands() {}

  /**
   * Builds the tree. Only the group that {@code args} name is filled: reflection on thirty command
   * classes is a third of the start-up time of a short command.
   */
  static CommandLine tree(String[] args, Console console) {
    Tarscli top = new Tarscli();
    Cli cli = new Cli(console, top.global());
    CommandLine line = new CommandLine(top);
    Group wanted = Group.in(args);
    for (Group group : Group.values()) {
      if (wanted == Group.ALL || group == wanted) {
        group.add(line, cli);
      }
    }
    return line;
  }

  private enum Group {
    EXECUTE("execute"),
    IMPROVE("improve"),
    POLICY("policy"),
    CACHE("cache"),
    AUDIT("audit"),
    IMAGE("image"),
    OTHER("doctor|gc"),
    ALL("");

    private final String pattern;

    Group(String pattern) {
      this.pattern = pattern;
    }

    /** The group whose name stands among the arguments exactly once; all if there is none. */
    static Group in(String[] args) {
      Group found = ALL;
      for (String arg : args) {
        for (Group group : values()) {
          if (group != ALL && arg.matches(group.pattern)) {
            if (found != ALL) {
              return ALL;
            }
            found = group;
          }
        }
      }
      return found;
    }

    void add(CommandLine line, Cli cli) {
      switch (this) {
        case EXECUTE -> line.addSubcommand("execute", ExecuteGroup.create(cli));
        case IMPROVE -> line.addSubcommand("improve", ImproveGroup.create(cli));
        case POLICY -> line.addSubcommand("policy", PolicyGroup.create(cli));
        case CACHE -> line.addSubcommand("cache", CacheGroup.create(cli));
        case AUDIT -> line.addSubcommand("audit", AuditGroup.create(cli));
        case IMAGE -> line.addSubcommand("image", ImageGroup.create(cli));
        case OTHER -> {
          line.addSubcommand("doctor", new DoctorCommand(cli));
          line.addSubcommand("gc", new GcCommand(cli));
        }
        case ALL -> {}
      }
    }
  }
}
