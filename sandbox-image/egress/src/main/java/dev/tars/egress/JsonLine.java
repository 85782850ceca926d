package dev.tars.egress;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Collection;
import java.util.stream.Collectors;

/** One object of JSON on one line, escaped by Jackson, without its data binding. */
final class JsonLine {
  private final StringBuilder text = new StringBuilder("{");

  JsonLine put(String name, String value) {
    return raw(name, quoted(value));
  }

  JsonLine put(String name, long value) {
    return raw(name, Long.toString(value));
  }

  JsonLine put(String name, Collection<String> values) {
    return raw(
        name, values.stream().map(JsonLine::quoted).collect(Collectors.joining(",", "[", "]")));
  }

  private JsonLine raw(String name, String value) {
    text.append(text.length() == 1 ? "" : ",").append(quoted(name)).append(':').append(value);
    return this;
  }

  private static String quoted(String value) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
