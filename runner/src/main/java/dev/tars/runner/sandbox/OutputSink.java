package dev.tars.runner.sandbox;

/** Takes what a container prints, as it comes, raw. Must not block for long and must not throw. */
@FunctionalInterface
public interface OutputSink {
  void write(Stream stream, byte[] bytes, int offset, int length);

  /** Where the bytes came from. */
  enum Stream {
    STDOUT,
    STDERR
  }
}
