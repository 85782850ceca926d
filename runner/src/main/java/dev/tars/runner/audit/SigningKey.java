package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ProcessUser;
import dev.tars.runner.store.StoreLayout;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Ed25519 key of a state directory; made when it is first needed. In a shared one each person
 * has a key of their own, named by their user id. Its private half is its owner's alone, always;
 * the public half of another is believed only if the file is that person's.
 */
final class SigningKey {
  private static final String NAME = "ed25519";
  private static final int PUBLIC_BYTES = 44; // X.509 of an Ed25519 key
  private static final String ALGORITHM = "Ed25519";
  private static final int PRIVATE_MODE = 0600;
  private static final int SHARED_MODE = 0640;

  private final StoreLayout layout;
  private final String name;
  private final int publicMode;
  private @Nullable KeyPair ours;
  private @Nullable Set<String> known;

  SigningKey(StoreLayout layout) {
    this.layout = layout;
    boolean shared = layout.isShared();
    this.name = shared ? NAME + "-" + ProcessUser.current().uid() : NAME;
    this.publicMode = shared ? SHARED_MODE : PRIVATE_MODE;
  }

  private Bytes file(String suffix) {
    return Bytes.utf8(name + suffix);
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

  /** The signature of bytes as they are. */
  AuditLog.Signed sign(Bytes bytes) {
    try {
      KeyPair pair = pair();
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(pair.getPrivate());
      signature.update(bytes.toArray());
      return new AuditLog.Signed(
          Bytes.of(pair.getPublic().getEncoded()), Bytes.of(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  Bytes publicKey() {
    try {
      return Bytes.of(pair().getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  /** True if the payload is signed by a key of this state directory. */
  boolean verify(ObjectNode signed) {
    try {
      ObjectNode payload = signed.deepCopy();
      String signature = payload.remove("signature").asText();
      if (known == null) {
        known = believed();
      }
      String named = payload.path("publicKey").asText();
      if (!known.contains(named)) {
        return false;
      }
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(publicKey(Base64.getDecoder().decode(named)));
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
  private void make(Disk disk, Disk.Dir dir) throws GeneralSecurityException {
    Bytes made = file(".made");
    if (disk.stat(dir, made).isEmpty()) {
      KeyPair keys = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      byte[] priv = keys.getPrivate().getEncoded();
      byte[] pub = keys.getPublic().getEncoded();
      byte[] pair = Arrays.copyOf(priv, priv.length + pub.length);
      System.arraycopy(pub, 0, pair, priv.length, pub.length);
      AtomicFile.publishOnce(disk, dir, made, pair, PRIVATE_MODE);
    }
    try {
      byte[] pair = AtomicFile.read(disk, dir, made);
      int split = Math.max(0, pair.length - PUBLIC_BYTES);
      byte[] priv = Arrays.copyOf(pair, split);
      byte[] pub = Arrays.copyOfRange(pair, split, pair.length);
      KeyPair _ = keyPair(priv, pub); // what is damaged gets no name, and stays to be looked at
      AtomicFile.publishOnce(disk, dir, file(".pub"), pub, publicMode);
      AtomicFile.publishOnce(disk, dir, file(""), priv, PRIVATE_MODE);
      disk.unlink(dir, made);
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOENT) { // another process came to the end of this first
        throw e;
      }
    }
  }

  private synchronized KeyPair pair() throws GeneralSecurityException {
    KeyPair pair = ours;
    if (pair == null) {
      try {
        pair = loadOrMake();
      } catch (InvalidKeySpecException e) {
        throw RunnerException.of(
                FailureCode.INTEGRITY, "the signing key of the state directory is damaged")
            .at(Escape.line(layout.keys().resolve(name).toString()))
            .note("nothing can be signed with it, and what it signed cannot be checked")
            .cause(e)
            .help("restore the keys from a backup; see `tarscli audit verify`");
      }
      ours = pair;
    }
    return pair;
  }

  private KeyPair loadOrMake() throws GeneralSecurityException {
    Disk disk = layout.disk();
    try (Disk.Dir dir = disk.open(layout.keys())) {
      if (disk.stat(dir, file("")).isEmpty()) {
        make(disk, dir);
      }
      return keyPair(
          AtomicFile.read(disk, dir, file("")), AtomicFile.read(disk, dir, file(".pub")));
    }
  }

  private static KeyPair keyPair(byte[] priv, byte[] pub) throws GeneralSecurityException {
    PrivateKey privateKey =
        KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(priv));
    return new KeyPair(publicKey(pub), privateKey);
  }

  private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** The public keys whose signatures count, in base64. */
  private Set<String> believed() throws GeneralSecurityException {
    Set<String> keys = new HashSet<>();
    keys.add(Base64.getEncoder().encodeToString(pair().getPublic().getEncoded()));
    if (name.equals(NAME)) {
      return keys;
    }
    Disk disk = layout.disk();
    try (Disk.Dir root = disk.open(layout.root());
        Disk.Dir dir = disk.open(layout.keys())) {
      int owner = disk.stat(root).uid();
      for (Disk.DirEntry entry : disk.list(dir)) {
        if (isItsOwners(entry.name().lossyText(), disk.stat(dir, entry.name()), owner)) {
          publicBytes(disk, dir, entry.name())
              .ifPresent(encoded -> keys.add(Base64.getEncoder().encodeToString(encoded)));
        }
      }
    }
    return keys;
  }

  private static Optional<byte[]> publicBytes(Disk disk, Disk.Dir dir, Bytes file) {
    try {
      return Optional.of(AtomicFile.read(disk, dir, file));
    } catch (DiskException e) {
      if (e.errno() == Errno.EACCES || e.errno() == Errno.ENOENT) {
        return Optional.empty(); // what it signed does not verify
      }
      throw e;
    }
  }

  /**
   * INVARIANT: nobody makes a key in another's name; who shares the directory could write one. The
   * key without a number is from before the directory was shared, by who owns it.
   */
  private static boolean isItsOwners(String file, Optional<FileStat> stat, int owner) {
    return stat.filter(s ->
            s.kind() == FileKind.REGULAR
                && s.size() == PUBLIC_BYTES
                && (file.equals(NAME + "-" + s.uid() + ".pub")
                    || (file.equals(NAME + ".pub") && s.uid() == owner)))
        .isPresent();
  }
}
