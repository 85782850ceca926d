package dev.tars.runner.admin;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file and how it should look.
 *
 * @param unchanged true if it looks so already
 */
public record Formatted(Path file, String text, boolean unchanged) {

  /** Publishes the new text whole, with the mode that the file has. */
  public void save() {
    try {
      Path beside = file.resolveSibling(file.getFileName() + ".tars-fmt");
      Files.createFile(
          beside, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(file)));
      try {
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "cannot write: " + Escape.line(String.valueOf(e)))
          .at(Escape.line(file.toString()))
          .cause(e)
          .note("the file was not changed")
          .help("check the permissions of its directory");
    }
  }
}
