package dev.tars.runner.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** Reads {@code events.jsonl} of a context, one line at a time, from a position on. */
final class EventLog {
  static final String NAME = "events.jsonl";

  /** Far more than the events of the largest plan. */
  private static final long MAX_FILE = 256L << 20;

  private static final int MAX_LINE = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KeptFile file;
  private final Consumer<ObjectNode> each;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long position;

  private EventLog(KeptFile file, long from, Consumer<ObjectNode> each) {
    this.file = file;
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
  static long read(Disk disk, ContextDir context, long from, Consumer<ObjectNode> each) {
    EventLog log = new EventLog(new KeptFile(disk, context), from, each);
    try {
      log.file.read(RelativePath.of(NAME), from, MAX_FILE, log::take);
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
      throw file.replaced(NAME, "a line of it has more than " + MAX_LINE + " bytes")
          .help("move it away; `tarscli audit show` says what the run did");
    }
    line.write(bytes, start, end - start);
  }

  private ObjectNode event() {
    try {
      if (JSON.readTree(line.toByteArray()) instanceof ObjectNode event && isOurs(event)) {
        return event;
      }
    } catch (JsonProcessingException e) {
      // said below
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("seq", 0)
        .put("time", "")
        .put("type", "unreadable")
        .put("atByte", position);
  }

  private static boolean isOurs(JsonNode event) {
    return event.path("seq").isIntegralNumber()
        && event.path("time").isTextual()
        && event.path("type").isTextual();
  }
}
