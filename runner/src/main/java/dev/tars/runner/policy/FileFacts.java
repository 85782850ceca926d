package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;
import java.util.List;
import java.util.Set;

/**
 * What a written file is, for the rules below {@code files}.
 *
 * @param encoding one of {@link #ENCODINGS}; {@code none} for what is not text
 * @param modes of {@link #MODES}, those that the file has
 */
public record FileFacts(RelativePath path, FileKind kind, String encoding, Set<String> modes) {
  public static final List<String> ENCODINGS = List.of("us-ascii", "utf-8", "utf-16", "other");
  public static final List<String> MODES = List.of("executable", "setuid", "setgid", "sticky");

  public FileFacts {
    modes = Set.copyOf(modes);
  }

  /** Ordinary UTF-8 text at a path. */
  public static FileFacts text(RelativePath path) {
    return new FileFacts(path, FileKind.TEXT, "utf-8", Set.of());
  }
}
