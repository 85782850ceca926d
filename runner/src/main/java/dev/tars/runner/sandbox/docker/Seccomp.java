package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The system calls that a box may make; {@code docs/isolation.md} says what differs from Docker's.
 */
record Seccomp(String json) {
  private static final String RESOURCE = "/dev/tars/runner/sandbox/seccomp-strict.json";

  /** The strict list, inline: a path in the request would be read by the engine, or not at all. */
  static Seccomp strict() {
    try (InputStream in = Seccomp.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the seccomp list is not in the jar");
      }
      return new Seccomp(new ObjectMapper().readTree(in).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
