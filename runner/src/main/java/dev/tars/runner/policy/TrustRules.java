package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whose bundles are imported, and what of them is believed.
 *
 * @param keys Ed25519 public keys as X.509 has them, by the name that the policy gives them
 * @param takesGates true if gates that passed elsewhere need not run again here
 */
public record TrustRules(Map<String, Bytes> keys, boolean takesGates) {
  public TrustRules {
    keys = java.util.Collections.unmodifiableMap(new TreeMap<>(keys));
  }
}
