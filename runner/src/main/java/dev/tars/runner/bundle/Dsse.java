package dev.tars.runner.bundle;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** Envelopes as DSSE describes them, round an in-toto statement, signed by one Ed25519 key. */
public final class Dsse {
  private static final String TYPE = "application/vnd.in-toto+json";
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Dsse() {}

  /** The envelope of a statement, signed by the key of the state directory. */
  public static byte[] sign(ObjectNode statement, AuditLog log) {
    byte[] payload = CanonicalJson.bytes(statement);
    AuditLog.Signed signed = log.sign(Bytes.of(encoded(payload)));
    return CanonicalJson.bytes(
        envelope(payload, keyId(signed.publicKey()), signed.signature().toArray()));
  }

  /** The name that an envelope gives to a key: the SHA-256 of its X.509 form. */
  public static String keyId(Bytes publicKey) {
    return Digest.of(publicKey.toArray()).toString();
  }

  /** A statement, and the name of the key that signed it. */
  record Opened(JsonNode statement, String key) {}

  /**
   * Opens an envelope that is spelled as {@link #sign} spells it.
   *
   * @param keys the keys that count, by name
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  static Opened open(byte[] envelope, Map<String, Bytes> keys) {
    JsonNode node = parse(envelope, "its envelope");
    JsonNode one = node.path("signatures").path(0);
    byte[] payload = base64(node.path("payload"), "its payload");
    byte[] signature = base64(one.path("sig"), "its signature");
    String id = one.path("keyid").asText();
    if (!Arrays.equals(CanonicalJson.bytes(envelope(payload, id, signature)), envelope)) {
      throw new IllegalArgumentException("its envelope is not spelled as tarscli spells one");
    }
    Map.Entry<String, Bytes> key =
        keys.entrySet().stream()
            .filter(k -> keyId(k.getValue()).equals(id))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the policy names no key "
                        + id.replaceAll("[^a-z0-9:]", "?")
                        + " in trust.keys"));
    if (!isSigned(encoded(payload), signature, key.getValue())) {
      throw new IllegalArgumentException(
          "its signature is not that of the key " + key.getKey() + ": it was changed");
    }
    JsonNode statement = parse(payload, "its statement");
    return new Opened(statement, key.getKey());
  }

  private static ObjectNode envelope(byte[] payload, String keyId, byte[] signature) {
    ObjectNode envelope = CanonicalJson.object().put("payloadType", TYPE);
    envelope.put("payload", Base64.getEncoder().encodeToString(payload));
    ObjectNode one = envelope.putArray("signatures").addObject();
    one.put("keyid", keyId).put("sig", Base64.getEncoder().encodeToString(signature));
    return envelope;
  }

  /** DSSE's pre-authentication encoding: nothing can be moved between type and payload. */
  private static byte[] encoded(byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String head = "DSSEv1 " + TYPE.length() + " " + TYPE + " " + payload.length + " ";
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static boolean isSigned(byte[] message, byte[] signature, Bytes key) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key.toArray())));
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** JSON of unknown origin, whole, each field once. */
  static JsonNode parse(byte[] json, String what) {
    try {
      JsonNode node = STRICT.readTree(json);
      if (node instanceof ObjectNode) {
        return node;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(what + " is no JSON", e);
    }
    throw new IllegalArgumentException(what + " is no JSON object");
  }

  private static byte[] base64(JsonNode node, String what) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException(what + " is missing");
    }
    try {
      return Base64.getDecoder().decode(node.asText());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " is no base64", e);
    }
  }
}
