package dev.tars.runner.run.steps;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.plan.FileImage;
import dev.tars.runner.plan.StepAction;
import java.util.Optional;

/** What a step's author believed of a file, against what the layer holds. */
final class Expectations {
  private Expectations() {}

  /** Throws EDIT_CONFLICT for the first belief that is wrong. */
  static void check(
      StepAction.Expect expect, Optional<FileImage> image, RelativePath file, SourcePosition at) {
    expect
        .exists()
        .filter(exists -> exists != image.isPresent())
        .ifPresent(exists -> {
          throw conflict(
              file + (exists ? " does not exist" : " exists"), "expect.exists is " + exists, at);
        });
    expect.sha256().ifPresent(wanted -> checkDigest(wanted, image, file, at));
    expect.lineEnding().ifPresent(wanted -> checkLineEnding(wanted, image, file, at));
  }

  private static void checkDigest(
      Digest wanted, Optional<FileImage> image, RelativePath file, SourcePosition at) {
    Digest found =
        content(image)
            .map(bytes -> Digest.of(bytes.toArray()))
            .orElseThrow(() -> conflict(file + " is not a regular file", "expect.sha256", at));
    if (!found.equals(wanted)) {
      throw conflict(file + " is not the file the plan was made for", "its digest is " + found, at);
    }
  }

  private static void checkLineEnding(
      String wanted, Optional<FileImage> image, RelativePath file, SourcePosition at) {
    Bytes bytes =
        content(image)
            .orElseThrow(() -> conflict(file + " is not a regular file", "expect.lineEnding", at));
    int lf = 0;
    int crlf = 0;
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.at(i) == '\n') {
        lf++;
        crlf += i > 0 && bytes.at(i - 1) == '\r' ? 1 : 0;
      }
    }
    boolean holds = wanted.equals("crlf") ? crlf == lf : crlf == 0;
    if (!holds) {
      throw conflict(
          file + " does not have the line ending " + wanted,
          lf + " lines, " + crlf + " of them end with CR LF",
          at);
    }
  }

  private static Optional<Bytes> content(Optional<FileImage> image) {
    return image
        .filter(FileImage.Regular.class::isInstance)
        .map(i -> ((FileImage.Regular) i).content());
  }

  private static RunnerException conflict(String what, String note, SourcePosition at) {
    return RunnerException.of(FailureCode.EDIT_CONFLICT, what)
        .at(at)
        .note(note)
        .note("nothing was changed")
        .help("make the improvement again for the workspace as it is");
  }
}
