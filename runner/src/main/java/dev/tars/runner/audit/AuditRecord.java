package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

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

  private static final byte[] HEAD = "{\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int HEX = 64;

  /**
   * Reads one line. The hash is the first field of a canonical record, so what it is of are the
   * bytes after it as they stand: no other spelling of the same record passes.
   *
   * @throws IllegalArgumentException if it is not a record, or its hash is not that of its content
   */
  static AuditRecord parse(byte[] line) {
    int rest = HEAD.length + HEX + 2;
    if (line.length <= rest
        || !Arrays.equals(line, 0, HEAD.length, HEAD, 0, HEAD.length)
        || line[rest - 2] != '"'
        || line[rest - 1] != ',') {
      throw new IllegalArgumentException("not a record");
    }
    MessageDigest md = Digest.sha256();
    md.update((byte) '{');
    md.update(line, rest, line.length - rest);
    Digest hash = Digest.finish(md);
    String named = new String(line, HEAD.length, HEX, StandardCharsets.US_ASCII);
    if (!hash.hex().equals(named)) {
      throw new IllegalArgumentException("the record is not what its hash says");
    }
    ObjectNode node = LogJson.parse(line);
    return new AuditRecord(
        node.path("seq").asLong(),
        node.path("time").asText(),
        node.path("mono").asLong(),
        node.path("type").asText(),
        LogJson.object(node, "payload"),
        new Digest(node.path("previous").asText()),
        hash);
  }
}
