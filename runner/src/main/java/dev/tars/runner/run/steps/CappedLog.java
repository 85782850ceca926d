package dev.tars.runner.run.steps;

import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.store.DiskException;
import java.io.IOException;
import java.io.OutputStream;

/** Keeps the first bytes of what a box prints. */
public final class CappedLog implements OutputSink {
  private final OutputStream log;
  private long left;

  public CappedLog(OutputStream log, long cap) {
    this.log = log;
    this.left = cap;
  }

  @Override
  public synchronized void write(Stream stream, byte[] bytes, int offset, int length) {
    int keep = (int) Math.min(left, length);
    left -= keep;
    try {
      log.write(bytes, offset, keep);
    } catch (IOException | DiskException e) {
      left = 0; // a full disk must not stop the drain; the outcome says what was cut
    }
  }
}
