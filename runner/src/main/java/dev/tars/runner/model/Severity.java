package dev.tars.runner.model;

/** How much a {@link Finding} weighs. */
@PublicApi
public enum Severity {
  /** Shown. */
  INFO,
  /** Shown first; a person must have seen it, so nothing is approved by itself. */
  REVIEW,
  /** The change set is rejected. */
  REJECT
}
