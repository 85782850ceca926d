package dev.tars.runner.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the bytes of a file are, by what they say and never by the name. */
public enum FileKind {
  TEXT,
  EXECUTABLE,
  NATIVE_LIBRARY,
  CLASS,
  ARCHIVE,
  IMAGE,
  DOCUMENT,
  BINARY,
  /** Too large to look into, or not a regular file; no rule that names kinds allows it. */
  UNKNOWN;

  /** As a policy writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<FileKind> of(String word) {
    return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
  }

  /** The kinds that a rule may name. */
  static List<String> words() {
    return Arrays.stream(values()).filter(k -> k != UNKNOWN).map(FileKind::word).toList();
  }
}
