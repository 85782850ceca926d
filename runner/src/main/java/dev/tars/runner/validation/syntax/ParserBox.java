package dev.tars.runner.validation.syntax;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Runs one command in a box that holds some files and nothing of a workspace. */
@FunctionalInterface
public interface ParserBox {
  /** Where there is no engine. */
  ParserBox NONE = job -> new Printed(false, "there is no box", "");

  /**
   * Runs the command in the directory of the files and removes both. What the engine or the disk
   * could not do is an answer that is not {@code whole}.
   */
  Printed run(Job job);

  /**
   * @param files in the order in which they are written
   * @param mostBytes what the command may print; the rest is not kept
   */
  record Job(List<String> argv, Duration timeout, List<GivenFile> files, int mostBytes) {
    public Job {
      argv = List.copyOf(argv);
      files = List.copyOf(files);
    }
  }

  /**
   * A file of the box.
   *
   * @param name a plain name that we made
   * @param content read when it is written
   */
  record GivenFile(String name, Supplier<byte[]> content) {}

  /**
   * What the command printed. Nothing of it is to be believed.
   *
   * @param whole true if it ended by itself, with exit status 0 and within its limits
   * @param reason why it is not whole, or the empty string
   * @param output as UTF-8, malformed bytes replaced
   */
  record Printed(boolean whole, String reason, String output) {}
}
