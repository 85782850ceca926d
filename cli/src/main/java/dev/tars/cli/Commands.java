package dev.tars.cli;

import picocli.CommandLine;

/** The tree of commands. */
final class Commands {
  private Commands() {}

  /** Builds the whole tree. */
  static CommandLine whole(Console console) {
    return tree(Words.everything(), console);
  }

  /** Builds the part of the tree that {@code words} can mean; see {@link Branch}. */
  static CommandLine tree(Words words, Console console) {
    Tarscli top = new Tarscli();
    return new Branch(top, new Cli(console, top.global(), words))
        .add("execute", ExecuteGroup.class, ExecuteGroup::create)
        .add("improve", ImproveGroup.class, ImproveGroup::create)
        .add("policy", PolicyGroup.class, PolicyGroup::create)
        .add("cache", CacheGroup.class, CacheGroup::create)
        .add("audit", AuditGroup.class, AuditGroup::create)
        .add("image", ImageGroup.class, ImageGroup::create)
        .add("doctor", DoctorCommand.class, DoctorCommand::new)
        .add("gc", GcCommand.class, GcCommand::new)
        .add("completion", CompletionCommand.class, CompletionCommand::new)
        .line();
  }
}
