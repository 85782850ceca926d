package dev.tars.runner.workspace;

import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jgit.diff.RawText;

/** The entries of a tree as texts, where they are some. */
final class Texts {
  /** Bytes; a longer text is not compared line by line. */
  private static final int MAX_BYTES = 8 << 20;

  /** Neither is one of more lines: each costs about 40 bytes of memory. */
  private static final int MAX_LINES = 500_000;

  private Texts() {}

  /** The text that an entry holds, none for no entry; empty if it is binary or too long. */
  static Optional<RawText> of(Optional<TreeEntry> entry, ObjectStore objects) {
    return switch (entry.orElse(null)) {
      case TreeEntry.RegularFile file when file.size() > MAX_BYTES -> Optional.empty();
      case TreeEntry.RegularFile file -> of(objects.read(file.content(), MAX_BYTES));
      case TreeEntry.Symlink link -> of(link.target().toArray());
      case TreeEntry.Directory d -> Optional.of(RawText.EMPTY_TEXT);
      case null -> Optional.of(RawText.EMPTY_TEXT);
    };
  }

  private static Optional<RawText> of(byte[] content) {
    if (TextLines.isBinary(content)) {
      return Optional.empty();
    }
    return ends(content, content.length) < MAX_LINES
        ? Optional.of(new RawText(content))
        : Optional.empty();
  }

  /** How many lines an entry holds, at most {@link Integer#MAX_VALUE}; empty if it is binary. */
  static Optional<Integer> lines(Optional<TreeEntry> entry, ObjectStore objects) {
    if (!(entry.orElse(null) instanceof TreeEntry.RegularFile file)) {
      return of(entry, objects).map(RawText::size);
    }
    byte[] buffer = new byte[1 << 16];
    long lines = 0;
    byte last = '\n';
    try (InputStream in = objects.open(file.content())) {
      int n = in.readNBytes(buffer, 0, buffer.length);
      if (TextLines.isBinary(Arrays.copyOf(buffer, n))) {
        return Optional.empty();
      }
      for (; n > 0; n = in.read(buffer)) {
        lines += ends(buffer, n);
        last = buffer[n - 1];
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of((int) Math.min(Integer.MAX_VALUE, lines + (last == '\n' ? 0 : 1)));
  }

  private static int ends(byte[] bytes, int length) {
    int ends = 0;
    for (int i = 0; i < length; i++) {
      ends += bytes[i] == '\n' ? 1 : 0;
    }
    return ends;
  }
}
