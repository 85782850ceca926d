package dev.tars.runner.sandbox;

/** How a box is joined to a network. There is no way to ask for more than these two. */
public sealed interface NetworkAccess {

  /** A name space of its own with a loopback interface. */
  record None() implements NetworkAccess {}

  /**
   * The name space of an opened {@link NetworkWay}: a loopback interface too, on which a gateway
   * listens.
   *
   * @param container id of the container whose name space it is
   */
  record Joined(String container) implements NetworkAccess {
    public Joined {
      if (!container.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException("not the id of a container");
      }
    }
  }
}
