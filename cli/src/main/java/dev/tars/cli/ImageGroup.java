package dev.tars.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tarscli image …}. */
@Command(name = "image", description = "Build and list sandbox images.")
final class ImageGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new CommandLine(new ImageGroup());
  }
}
