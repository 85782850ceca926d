package dev.tars.runner.admin;

import java.util.Locale;

/** Which way a difference between two policies goes. */
public enum Way {
  /** It is written in another way, or for people only: nothing that a run is held to differs. */
  EQUAL,
  NARROWER,
  WIDER,
  /** Something is allowed that was not, and the other way round. */
  BOTH,
  /** Something else holds, and nobody can say whether it is more or less: it counts as wider. */
  CHANGED;

  /** Both of them at once. */
  Way and(Way other) {
    if (this == other || other == EQUAL) {
      return this;
    }
    if (this == EQUAL) {
      return other;
    }
    boolean unclear = this == CHANGED || other == CHANGED;
    boolean narrower = this == NARROWER || other == NARROWER || this == BOTH || other == BOTH;
    return unclear && !narrower ? WIDER : BOTH;
  }

  /** True if a person should look before the new policy is taken. */
  boolean widens() {
    return this == WIDER || this == BOTH || this == CHANGED;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
