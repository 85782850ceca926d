package dev.tars.runner.decisions;

/** What makes a decision hold. */
public enum Enforcer {
  /** The plan is refused before anything runs. */
  ADMISSION("admission"),
  /** What is hidden or scratch is not copied into the box. */
  BASELINE("baseline"),
  /** The change set is read from the layer after every container is dead. */
  CHANGE_SET("change-set"),
  /** A gate in the clean room. */
  CLEAN_ROOM("clean-room"),
  /** The proxy, at each connection that a box asks for. */
  PROXY("proxy");

  private final String id;

  Enforcer(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }
}
