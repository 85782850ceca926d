package dev.tars.image;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the sandbox image stands on. */
public sealed interface ImageBase {
  /** An image of a registry, by name, tag or digest. */
  record Registry(String reference) implements ImageBase {}

  /** An image in a file, as {@code docker save} writes it. */
  record Archive(Path tar) implements ImageBase {}

  /** A plain root file system in an uncompressed tar. */
  record RootFileSystem(Path tar) implements ImageBase {}

  /**
   * Reads {@code rootfs:FILE}, {@code tar:FILE}, or a registry reference.
   *
   * @throws RunnerException if the file is not there
   */
  static ImageBase parse(String text) {
    if (text.startsWith("rootfs:")) {
      return new RootFileSystem(file(text.substring("rootfs:".length())));
    }
    if (text.startsWith("tar:")) {
      return new Archive(file(text.substring("tar:".length())));
    }
    return new Registry(text);
  }

  private static Path file(String text) {
    Path path = Path.of(text).toAbsolutePath();
    if (!Files.isRegularFile(path)) {
      throw new RunnerException(
          FailureCode.NOT_FOUND,
          "the base of the sandbox image is not there: " + Escape.line(path.toString()),
          "Name a tar file, or an image of a registry, with -Dsandbox.base=.");
    }
    return path;
  }
}
