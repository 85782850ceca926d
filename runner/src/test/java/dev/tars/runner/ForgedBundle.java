package dev.tars.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A bundle whose parts a test can change, written and signed by code that shares nothing with the
 * program's own. Tar headers, envelope and signature are made here from their specifications.
 */
final class ForgedBundle {
  private static final ObjectMapper JSON = new ObjectMapper();

  final List<Entry> entries = new ArrayList<>();
  ObjectNode statement;
  final KeyPair key;
  byte[] tail = new byte[1024];

  /** One entry of the archive; each field of its header can be another one than it should. */
  static final class Entry {
    String name;
    byte[] content;
    char type = '0';
    String mode = "0000644";
    String link = "";
    String size;
    int checksumOff;
    byte[] before = new byte[0];

    Entry(String name, byte[] content) {
      this.name = name;
      this.content = content;
      this.size = "%011o".formatted(content.length);
    }

    String text() {
      return new String(content, StandardCharsets.UTF_8);
    }

    void text(String text) {
      content = text.getBytes(StandardCharsets.UTF_8);
      size = "%011o".formatted(content.length);
    }
  }

  ForgedBundle(Path bundle, KeyPair key) throws IOException {
    this.key = key;
    byte[] all = Files.readAllBytes(bundle);
    for (int at = 0; all[at] != 0; ) {
      String name = text(all, at, 100);
      int size = Integer.parseInt(text(all, at + 124, 11), 8);
      entries.add(new Entry(name, Arrays.copyOfRange(all, at + 512, at + 512 + size)));
      at += 512 + (size + 511) / 512 * 512;
    }
    Entry first = entries.removeFirst();
    JsonNode envelope = JSON.readTree(first.content);
    byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
    statement = (ObjectNode) JSON.readTree(payload);
  }

  static KeyPair newKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String publicKey(KeyPair key) {
    return Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
  }

  Entry entry(String prefix) {
    return entries.stream().filter(e -> e.name.startsWith(prefix)).findFirst().orElseThrow();
  }

  ObjectNode predicate() {
    return (ObjectNode) statement.path("predicate");
  }

  /** Makes the statement say what the entries are now, so that the signature is about them. */
  ForgedBundle restate() {
    ArrayNode subjects = statement.putArray("subject");
    ArrayNode sizes = predicate().putArray("sizes");
    for (Entry entry : entries) {
      ObjectNode subject = subjects.addObject().put("name", entry.name);
      subject.putObject("digest").put("sha256", Digest.of(entry.content).hex());
      sizes.add(entry.content.length);
    }
    return this;
  }

  byte[] envelope() {
    return envelope(CanonicalJson.bytes(statement));
  }

  byte[] envelope(byte[] payload) {
    String type = "application/vnd.in-toto+json";
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(
        ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ")
            .getBytes(StandardCharsets.US_ASCII));
    message.writeBytes(payload);
    ObjectNode envelope = JSON.createObjectNode().put("payloadType", type);
    envelope.put("payload", Base64.getEncoder().encodeToString(payload));
    envelope
        .putArray("signatures")
        .addObject()
        .put("keyid", Digest.of(key.getPublic().getEncoded()).toString())
        .put("sig", Base64.getEncoder().encodeToString(signature(message.toByteArray())));
    return CanonicalJson.bytes(envelope);
  }

  private byte[] signature(byte[] message) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] bytes() {
    return bytes(envelope());
  }

  byte[] bytes(byte[] envelope) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(new Entry("bundle.json", envelope), out);
    entries.forEach(entry -> write(entry, out));
    out.writeBytes(tail);
    return out.toByteArray();
  }

  private static void write(Entry entry, ByteArrayOutputStream out) {
    out.writeBytes(entry.before);
    out.writeBytes(header(entry));
    out.writeBytes(entry.content);
    out.writeBytes(new byte[(512 - entry.content.length % 512) % 512]);
  }

  static byte[] header(Entry entry) {
    byte[] header = new byte[512];
    put(header, 0, entry.name);
    put(header, 100, entry.mode + "\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, entry.size + "\0");
    put(header, 136, "00000000000\0");
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) entry.type;
    put(header, 157, entry.link);
    put(header, 257, "ustar\00000");
    int sum = entry.checksumOff;
    for (byte one : header) {
      sum += one & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static String text(byte[] all, int at, int length) {
    int end = at;
    while (end < at + length && all[end] != 0) {
      end++;
    }
    return new String(all, at, end - at, StandardCharsets.ISO_8859_1);
  }

  Path write(Path file, byte[] content) {
    try {
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
