package dev.tars.runner.sandbox.docker;

import java.nio.file.Path;

/**
 * Empties an overlay's work directory, which belongs to the kernel's root, for a runner that is not
 * root: in a container that sees nothing else, without capabilities or network.
 */
final class Janitor {
  private Janitor() {}

  static void empty(EngineClient engine, Labels labels, Path work) {
    throw new dev.tars.runner.model.RunnerException(
        dev.tars.runner.model.FailureCode.ENGINE_UNSUITABLE,
        "a runner that is not root cannot empty " + work,
        "run tarscli as root");
  }
}
