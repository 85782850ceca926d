package dev.tars.runner.validation.checks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.Optional;

/** JSON, token by token: nothing is built. */
final class JsonSyntax implements Syntax {
  private final JsonFactory factory;

  private JsonSyntax(JsonFactory factory) {
    this.factory = factory;
  }

  static JsonSyntax strict() {
    return new JsonSyntax(
        JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build());
  }

  /** As editors and TypeScript read their configuration: with comments and trailing commas. */
  static JsonSyntax withComments() {
    return new JsonSyntax(
        JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build());
  }

  @Override
  public Optional<Problem> problem(byte[] content) {
    try (JsonParser parser = factory.createParser(content)) {
      if (parser.nextToken() == null) {
        return Optional.of(new Problem(1, "the file is empty"));
      }
      parser.skipChildren();
      // An array or object is skipped to its end; a value stands where it is.
      JsonToken more = parser.nextToken();
      return more == null
          ? Optional.empty()
          : Optional.of(
              new Problem(parser.currentLocation().getLineNr(), "something follows the value"));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      return Optional.of(new Problem(line, e.getOriginalMessage()));
    } catch (IOException e) {
      return Optional.of(new Problem(0, String.valueOf(e.getMessage())));
    }
  }
}
