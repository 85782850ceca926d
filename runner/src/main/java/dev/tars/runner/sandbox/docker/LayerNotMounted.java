package dev.tars.runner.sandbox.docker;

import java.io.Serial;

/** The engine could not mount a layer, so nothing of the command ran. */
final class LayerNotMounted extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  LayerNotMounted(String message, Throwable cause) {
    super(message, cause);
  }
}
