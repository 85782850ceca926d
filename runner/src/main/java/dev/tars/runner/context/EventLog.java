package dev.tars.runner.context;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads {@code events.jsonl} of a context, one line at a time, from a position on. */
final class EventLog {
  /** Far more than the events of the largest plan. */
  private static final long MAX_FILE = 256L << 20;

  private static final int MAX_LINE = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KeptFile file;
  private final ContextId context;
  private final Consumer<ContextEvent> each;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long position;

  private EventLog(KeptFile file, ContextId context, long from, Consumer<ContextEvent> each) {
    this.file = file;
    this.context = context;
    this.position = from;
    this.each = each;
  }

  /**
   * Gives every event after a position to {@code each}; a line that is still being written is left
   * for later. A line that is no event, which a power cut may leave, is an event {@code
   * unreadable}.
   *
   * @return the position to go on from
   */
  static long read(Disk disk, ContextDir context, long from, Consumer<ContextEvent> each) {
    EventLog log = new EventLog(new KeptFile(disk, context), context.id(), from, each);
    try {
      log.file.read(RelativePath.of(ContextFiles.EVENTS), from, MAX_FILE, log::take);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return log.position;
  }

  private void take(byte[] bytes, int length) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        add(bytes, start, i);
        each.accept(event());
        position += line.size() + 1;
        line.reset();
        start = i + 1;
      }
    }
    add(bytes, start, length);
  }

  private void add(byte[] bytes, int start, int end) {
    if (line.size() + end - start > MAX_LINE) {
      throw file.replaced(ContextFiles.EVENTS, "a line of it has more than " + MAX_LINE + " bytes")
          .help("move it away; `tarscli audit show` says what the run did");
    }
    line.write(bytes, start, end - start);
  }

  private ContextEvent event() {
    try {
      return EventCodec.read(JsonFields.of(JSON.readTree(line.toByteArray())));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return new ContextEvent(0, Optional.empty(), context, new ContextEvent.Unreadable(position));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
