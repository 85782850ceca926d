package dev.tars.runner.decisions;

/** How the runner knows of what was decided about. */
public enum Certainty {
  /** The plan says that it will do it. */
  DECLARED,
  /** The host saw it done. */
  OBSERVED
}
