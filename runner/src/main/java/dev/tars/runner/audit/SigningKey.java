package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.StoreLayout;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The Ed25519 key of a state directory; made when it is first needed, readable by its owner. */
final class SigningKey {
  private static final Bytes PRIVATE = Bytes.utf8("ed25519");
  private static final Bytes PUBLIC = Bytes.utf8("ed25519.pub");
  private static final Bytes PAIR = Bytes.utf8("ed25519.made");
  private static final int PUBLIC_BYTES = 44; // X.509 of an Ed25519 key
  private static final String ALGORITHM = "Ed25519";

  private final StoreLayout layout;
  private @Nullable KeyPair known;

  SigningKey(StoreLayout layout) {
    this.layout = layout;
  }

  /** The payload with {@code publicKey} and {@code signature}, both base64. */
  ObjectNode sign(ObjectNode payload) {
    try {
      KeyPair pair = pair();
      payload.put("publicKey", Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(pair.getPrivate());
      signature.update(CanonicalJson.bytes(payload));
      return payload.put("signature", Base64.getEncoder().encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  /** True if the payload is signed by this state directory's key. */
  boolean verify(ObjectNode signed) {
    try {
      ObjectNode payload = signed.deepCopy();
      String signature = payload.remove("signature").asText();
      PublicKey key = pair().getPublic();
      String named = payload.path("publicKey").asText();
      if (!named.equals(Base64.getEncoder().encodeToString(key.getEncoded()))) {
        return false;
      }
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(CanonicalJson.bytes(payload));
      return check.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException | NullPointerException e) {
      return false;
    }
  }

  /**
   * INVARIANT: a key that signed anything is never replaced. It gets its name only when it is
   * durable under another, so a power cut that takes the name away leaves what to make it from.
   */
  private static void make(Disk disk, Disk.Dir dir) throws GeneralSecurityException {
    if (disk.stat(dir, PAIR).isEmpty()) {
      KeyPair made = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      byte[] priv = made.getPrivate().getEncoded();
      byte[] pub = made.getPublic().getEncoded();
      byte[] pair = Arrays.copyOf(priv, priv.length + pub.length);
      System.arraycopy(pub, 0, pair, priv.length, pub.length);
      AtomicFile.publishOnce(disk, dir, PAIR, pair);
    }
    try {
      byte[] pair = AtomicFile.read(disk, dir, PAIR);
      int split = pair.length - PUBLIC_BYTES;
      AtomicFile.publishOnce(disk, dir, PUBLIC, Arrays.copyOfRange(pair, split, pair.length));
      AtomicFile.publishOnce(disk, dir, PRIVATE, Arrays.copyOf(pair, split));
      disk.unlink(dir, PAIR);
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOENT) { // another process came to the end of this first
        throw e;
      }
    }
  }

  private synchronized KeyPair pair() throws GeneralSecurityException {
    KeyPair pair = known;
    if (pair == null) {
      pair = loadOrMake();
      known = pair;
    }
    return pair;
  }

  private KeyPair loadOrMake() throws GeneralSecurityException {
    Disk disk = layout.disk();
    try (Disk.Dir dir = disk.open(layout.keys())) {
      if (disk.stat(dir, PRIVATE).isEmpty()) {
        make(disk, dir);
      }
      KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
      PrivateKey privateKey =
          keys.generatePrivate(new PKCS8EncodedKeySpec(AtomicFile.read(disk, dir, PRIVATE)));
      PublicKey publicKey =
          keys.generatePublic(new X509EncodedKeySpec(AtomicFile.read(disk, dir, PUBLIC)));
      return new KeyPair(publicKey, privateKey);
    }
  }
}
