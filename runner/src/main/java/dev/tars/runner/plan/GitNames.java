package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** File names as git writes them in diffs; one character a byte. */
final class GitNames {
  private GitNames() {}

  /** A plain name, or one in C quotes. */
  static Bytes unquote(String name) {
    if (!name.startsWith("\"") || !name.endsWith("\"") || name.length() < 2) {
      return Bytes.of(name.getBytes(StandardCharsets.ISO_8859_1));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 1; i < name.length() - 1; i++) {
      char c = name.charAt(i);
      if (c != '\\') {
        out.write(c);
        continue;
      }
      char next = name.charAt(++i);
      switch (next) {
        case 'n' -> out.write('\n');
        case 't' -> out.write('\t');
        case 'r' -> out.write('\r');
        case 'a' -> out.write(7);
        case 'b' -> out.write('\b');
        case 'f' -> out.write('\f');
        case 'v' -> out.write(11);
        case '0', '1', '2', '3' -> {
          String digits = name.substring(i, Math.min(i + 3, name.length() - 1));
          if (!digits.matches("[0-3][0-7]{2}")) {
            throw RunnerException.of(
                    FailureCode.PATCH_INVALID, "not a usable diff: a file name with half an escape")
                .at(Escape.line(name))
                .help("make it with `git diff --binary`");
          }
          out.write(Integer.parseInt(digits, 8));
          i += 2;
        }
        default -> out.write(next);
      }
    }
    return Bytes.of(out.toByteArray());
  }

  /** Where a name in C quotes at the start of a text ends, behind its quote; -1 if it does not. */
  static int quotedEnd(String text) {
    int end = 1;
    while (end < text.length() && text.charAt(end) != '"') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    return end < text.length() ? end + 1 : -1;
  }

  /**
   * Both names of a {@code diff --git} line, as they stand there; empty if it cannot be told where
   * the first ends: then other lines have the names.
   */
  static Optional<List<Bytes>> both(String names) {
    if (names.startsWith("\"")) {
      int end = quotedEnd(names);
      return end < 0 || end >= names.length() || names.charAt(end) != ' '
          ? Optional.empty()
          : Optional.of(
              List.of(unquote(names.substring(0, end)), unquote(names.substring(end + 1))));
    }
    if (names.endsWith("\"")) {
      int start = names.indexOf(" \"");
      return start < 0
          ? Optional.empty()
          : Optional.of(
              List.of(unquote(names.substring(0, start)), unquote(names.substring(start + 1))));
    }
    // "a/x b/x": the halves are of the same length, whatever spaces are in them.
    int middle = names.length() / 2;
    if (names.length() % 2 == 0 || names.charAt(middle) != ' ') {
      return Optional.empty();
    }
    String first = names.substring(0, middle);
    String second = names.substring(middle + 1);
    return first.equals(second) && first.contains(" ")
        ? Optional.empty() // without prefixes nothing says which of the spaces divides them
        : Optional.of(List.of(unquote(first), unquote(second)));
  }
}
