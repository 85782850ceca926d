package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.tars.runner.model.Escape;
import dev.tars.runner.sandbox.OutputSink;
import java.nio.charset.StandardCharsets;

/** Drains what a container prints, all of it; passes it on and keeps the tail. */
final class OutputCollector extends ResultCallback.Adapter<Frame> {
  private static final int TAIL = 8192;

  private final OutputSink sink;
  private final byte[] ring = new byte[TAIL];
  private long total;

  OutputCollector(OutputSink sink) {
    this.sink = sink;
  }

  @Override
  public synchronized void onNext(Frame frame) {
    byte[] bytes = frame.getPayload();
    if (bytes == null) {
      return;
    }
    OutputSink.Stream stream =
        frame.getStreamType() == StreamType.STDERR
            ? OutputSink.Stream.STDERR
            : OutputSink.Stream.STDOUT;
    sink.write(stream, bytes, 0, bytes.length);
    for (int i = Math.max(0, bytes.length - TAIL); i < bytes.length; i++) {
      ring[(int) ((total + i) % TAIL)] = bytes[i];
    }
    total += bytes.length;
  }

  /** All bytes that were printed. */
  synchronized long total() {
    return total;
  }

  /** The end of the output, escaped. */
  synchronized String tail() {
    int count = (int) Math.min(total, TAIL);
    byte[] last = new byte[count];
    for (int i = 0; i < count; i++) {
      last[i] = ring[(int) ((total - count + i) % TAIL)];
    }
    return Escape.block(new String(last, StandardCharsets.UTF_8));
  }
}
