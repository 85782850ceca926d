package dev.tars.runner.validation.checks;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

/** Java properties: the only thing that can be wrong is an escape. */
final class PropertiesSyntax implements Syntax {
  @Override
  public Optional<Problem> problem(byte[] content) {
    try {
      new Properties().load(new StringReader(new String(content, StandardCharsets.ISO_8859_1)));
      return Optional.empty();
    } catch (IllegalArgumentException | IOException e) {
      return Optional.of(new Problem(0, String.valueOf(e.getMessage())));
    }
  }
}
