package dev.tars.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs command lines one after the other in one process, so that the start-up cache that is
 * recorded of it holds the classes of all of them. {@code scripts/provision} starts it; it is no
 * command.
 */
final class StartCacheTraining {
  private StartCacheTraining() {}

  /**
   * @param args one file; each line of it is a command line, its words separated by tabs. What the
   *     commands answer is printed and does not matter: a cache that knows less only makes a later
   *     start slower.
   */
  public static void main(String[] args) throws IOException {
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      int status = Main.run(line.split("\t"), new Console(System.out, System.err));
      System.err.println(status + "\t" + line);
    }
    System.exit(0);
  }
}
