package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;

/**
 * One line of the log.
 *
 * @param seq from 1, without a gap; the order, whatever clocks say
 * @param time wall clock, ISO 8601
 * @param monotonicNanos of the process that wrote it
 * @param previous hash of the record before; of the first, of nothing
 * @param hash SHA-256 of everything else in the record
 */
public record AuditRecord(
    long seq,
    String time,
    long monotonicNanos,
    String type,
    ObjectNode payload,
    Digest previous,
    Digest hash) {

  /** What a record says, before it has its hash. */
  record Content(
      long seq,
      String time,
      long monotonicNanos,
      String type,
      ObjectNode payload,
      Digest previous) {
    private ObjectNode json() {
      ObjectNode node = CanonicalJson.object();
      node.put("seq", seq).put("time", time).put("mono", monotonicNanos).put("type", type);
      node.put("previous", previous.hex());
      node.set("payload", payload);
      return node;
    }
  }

  static AuditRecord of(Content c) {
    return new AuditRecord(
        c.seq,
        c.time,
        c.monotonicNanos,
        c.type,
        c.payload,
        c.previous,
        CanonicalJson.digest(c.json()));
  }

  /** The record with its hash, as the log holds it. */
  public ObjectNode json() {
    return new Content(seq, time, monotonicNanos, type, payload, previous)
        .json()
        .put("hash", hash.hex());
  }

  byte[] line() {
    byte[] json = CanonicalJson.bytes(json());
    byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  /**
   * Reads one line.
   *
   * @throws IllegalArgumentException if it is not a record, or its hash is not that of its content
   */
  static AuditRecord parse(byte[] line) {
    ObjectNode node = LogJson.parse(line);
    AuditRecord record =
        of(
            new Content(
                node.path("seq").asLong(),
                node.path("time").asText(),
                node.path("mono").asLong(),
                node.path("type").asText(),
                LogJson.object(node, "payload"),
                new Digest(node.path("previous").asText())));
    if (!java.util.Arrays.equals(CanonicalJson.bytes(record.json()), line)) {
      throw new IllegalArgumentException("the record is not what its hash says");
    }
    return record;
  }
}
