package dev.tars.runner.validation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.validation.control.Originals;
import dev.tars.runner.workspace.Baseline;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;

/** The files of a baseline as texts. */
record BaselineOriginals(Baseline baseline) implements Originals {
  private static final long LARGEST = 256 * 1024;

  @Override
  public List<RelativePath> files() {
    return baseline.below(RelativePath.ROOT).stream().filter(path -> size(path) >= 0).toList();
  }

  @Override
  public Optional<String> text(RelativePath path) {
    long size = size(path);
    if (size < 0 || size > LARGEST) {
      return Optional.empty();
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(baseline.read(path, LARGEST));
      return Optional.of(UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** -1 if it is no regular file. */
  private long size(RelativePath path) {
    return baseline.entry(path).orElse(null) instanceof TreeEntry.RegularFile file
        ? file.size()
        : -1;
  }
}
