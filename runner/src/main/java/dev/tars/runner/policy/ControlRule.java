package dev.tars.runner.policy;

/** When a test gate must prove in a control run that it can say no. */
public enum ControlRule {
  /** Never. */
  OFF,
  /** Where nobody may be asked: the policy may approve by itself, and nothing asks for a person. */
  UNATTENDED,
  /** Whenever it passed. */
  REQUIRED
}
