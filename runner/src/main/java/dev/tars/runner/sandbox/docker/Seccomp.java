package dev.tars.runner.sandbox.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * The system calls that a box may make; {@code docs/isolation.md} says what differs from Docker's.
 */
record Seccomp(String json) {
  private static final String RESOURCE = "/dev/tars/runner/sandbox/seccomp-strict.json";

  /**
   * The strict list, inline: a path in the request would be read by the engine, or not at all. No
   * text in it spans lines, so it is the same without its indentation.
   */
  static Seccomp strict() {
    try (InputStream in = Seccomp.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the seccomp list is not in the jar");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return new Seccomp(lines.lines().map(String::strip).collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
