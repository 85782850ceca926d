package dev.tars.runner.context;

import dev.tars.runner.model.PublicApi;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a step or a gate printed, unescaped: it may hold anything, and no terminal should get it so.
 *
 * @param id of the step, or of the gate and its phase
 * @param text bytes that are no UTF-8 are replaced
 * @param whole false if there is more, of which the first 16 MiB are here
 */
@PublicApi
public record StepLog(String id, String text, boolean whole) {
  private static final int MOST = 16 << 20;

  /** Takes any number of bytes and keeps the first. */
  static final class Taking extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean whole = true;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      int room = Math.min(length, MOST - kept.size());
      kept.write(from, offset, room);
      whole &= room == length;
    }

    StepLog as(String id) {
      return new StepLog(id, kept.toString(StandardCharsets.UTF_8), whole);
    }
  }
}
