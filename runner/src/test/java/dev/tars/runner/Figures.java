package dev.tars.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the explorers counted, for {@code scripts/crash-test}: lines of {@code name number}. */
public final class Figures {
  private Figures() {}

  public static void add(String name, long figure) {
    String file = System.getProperty("tars.crash.figures", "");
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.writeString(
          Path.of(file),
          name + " " + figure + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
