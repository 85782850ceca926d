package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text as lines of bytes, whatever its encoding. */
public final class TextLines {
  private static final int LOOK_AT = 8000;

  private TextLines() {}

  /** Splits after each line feed; the last line may have none. */
  public static List<Bytes> split(byte[] content) {
    List<Bytes> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        lines.add(Bytes.of(Arrays.copyOfRange(content, start, i + 1)));
        start = i + 1;
      }
    }
    if (start < content.length) {
      lines.add(Bytes.of(Arrays.copyOfRange(content, start, content.length)));
    }
    return lines;
  }

  /** As git decides it: a NUL among the first 8,000 bytes. */
  public static boolean isBinary(byte[] content) {
    for (int i = 0; i < Math.min(content.length, LOOK_AT); i++) {
      if (content[i] == 0) {
        return true;
      }
    }
    return false;
  }
}
