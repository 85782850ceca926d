package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.YamlMap;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** The section {@code trust}: whose evidence counts that was found on another machine. */
final class TrustReader {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private final PolicyLayer layer;

  TrustReader(PolicyLayer layer) {
    this.layer = layer;
  }

  void read(YamlMap top) {
    if (top.has("trust") && !layer.trusted) {
      top.problem("trust", "the workspace cannot say whose evidence is believed", "take it out");
    }
    top.optionalMap("trust").ifPresent(this::trust);
  }

  private void trust(YamlMap map) {
    layer.said.read(map, "trust");
    map.optionalMap("keys")
        .ifPresent(keys -> {
          layer.namesTrust = true;
          keys.names().forEach(name -> key(keys, name));
          keys.closed();
        });
    map.closed();
  }

  private void key(YamlMap map, String name) {
    String text = map.string(name);
    if (!name.matches(NAME)) {
      map.problem(
          name, "not a name: " + Escape.line(name), "use letters, digits, '.', '_' and '-'");
    }
    try {
      byte[] encoded = Base64.getDecoder().decode(text);
      byte[] canonical =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(encoded))
              .getEncoded();
      layer.trustedKeys.put(name, Bytes.of(canonical));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      map.problem(
          name,
          "it is no Ed25519 public key",
          "write what `tarscli audit key` prints on the machine that signs");
    }
  }
}
