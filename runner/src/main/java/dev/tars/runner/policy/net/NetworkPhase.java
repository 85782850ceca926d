package dev.tars.runner.policy.net;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** When a connection is made: filling caches, the plan's steps, or the policy's gates. */
public enum NetworkPhase {
  PREPARE,
  RUN,
  VALIDATE;

  public static Optional<NetworkPhase> of(String word) {
    return Arrays.stream(values()).filter(p -> p.word().equals(word)).findFirst();
  }

  /** As a policy writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(NetworkPhase::word).toList();
  }
}
