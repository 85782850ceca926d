package dev.tars.runner.decisions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileKind;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.net.NetworkPhase;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Requests as JSON and as a line for people. */
public final class Requests {
  private Requests() {}

  /** {@code {kind: {…}}}, as in a policy test. A path that is not UTF-8 is in {@code pathHex}. */
  public static ObjectNode json(Request request) {
    ObjectNode outer = JsonNodeFactory.instance.objectNode();
    ObjectNode node = outer.putObject(kind(request));
    switch (request) {
      case Request.Write w -> {
        path(node, w.path());
        node.put("operation", word(w.operation()));
      }
      case Request.Read r -> path(node, r.path());
      case Request.Scratch s -> path(node, s.path());
      case Request.File f -> {
        path(node, f.facts().path());
        node.put("kind", f.facts().kind().word()).put("encoding", f.facts().encoding());
        new TreeSet<>(f.facts().modes()).forEach(node.putArray("modes")::add);
      }
      case Request.Run r -> r.argv().forEach(node.putArray("argv")::add);
      case Request.Connect c -> {
        node.put("host", c.host()).put("port", c.port()).put("phase", c.phase().word());
        c.method().ifPresent(method -> node.put("method", method));
      }
      case Request.Env e -> node.put("name", e.name());
      case Request.Limit l -> node.put("name", l.name()).put("value", l.value());
      case Request.Content c -> {
        path(node, c.path());
        node.put("check", c.check());
      }
      case Request.Gate g -> node.put("id", g.id());
    }
    return outer;
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Request parse(JsonNode outer) {
    if (!outer.isObject() || outer.size() != 1) {
      throw new IllegalArgumentException("a request has exactly one kind");
    }
    String kind = outer.fieldNames().next();
    JsonNode node = outer.path(kind);
    return switch (kind) {
      case "write" ->
          new Request.Write(
              path(node), FileOperation.valueOf(text(node, "operation").toUpperCase(Locale.ROOT)));
      case "read" -> new Request.Read(path(node));
      case "scratch" -> new Request.Scratch(path(node));
      case "file" ->
          new Request.File(
              new FileFacts(
                  path(node),
                  FileKind.of(text(node, "kind"))
                      .orElseThrow(() -> new IllegalArgumentException("an unknown kind")),
                  text(node, "encoding"),
                  texts(node.path("modes"))));
      case "run" -> new Request.Run(List.copyOf(texts(node.path("argv"), new ArrayList<>())));
      case "connect" ->
          new Request.Connect(
              text(node, "host"),
              node.path("port").asInt(),
              NetworkPhase.of(text(node, "phase"))
                  .orElseThrow(() -> new IllegalArgumentException("an unknown phase")),
              Optional.of(node.path("method").asText()).filter(m -> !m.isEmpty()));
      case "env" -> new Request.Env(text(node, "name"));
      case "limit" -> new Request.Limit(text(node, "name"), node.path("value").asLong());
      case "content" -> new Request.Content(path(node), text(node, "check"));
      case "gate" -> new Request.Gate(text(node, "id"));
      default ->
          throw new IllegalArgumentException("an unknown kind of request: " + Escape.line(kind));
    };
  }

  /** The key of a request: {@code write}, {@code read} and so on. */
  public static String kind(Request request) {
    return request.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** One line for people, escaped, as {@code policy check} takes it where it can. */
  public static String line(Request request) {
    return switch (request) {
      case Request.Write w -> "write " + w.path() + " (" + word(w.operation()) + ")";
      case Request.Read r -> "read " + r.path();
      case Request.Scratch s -> "scratch " + s.path();
      case Request.File f ->
          "file "
              + f.facts().path()
              + " ("
              + f.facts().kind().word()
              + ", "
              + Escape.line(f.facts().encoding())
              + (f.facts().modes().isEmpty() ? "" : ", " + new TreeSet<>(f.facts().modes()))
              + ")";
      case Request.Run r -> "run " + Escape.argv(r.argv());
      case Request.Connect c ->
          "connect "
              + c.method().map(m -> "--method " + Escape.line(m) + " ").orElse("")
              + Escape.line(c.host())
              + ":"
              + c.port()
              + " ("
              + c.phase().word()
              + ")";
      case Request.Env e -> "env " + Escape.line(e.name());
      case Request.Limit l -> "limit " + Escape.line(l.name()) + " " + l.value();
      case Request.Content c -> "content " + c.path() + " (" + Escape.line(c.check()) + ")";
      case Request.Gate g -> "gate " + Escape.line(g.id());
    };
  }

  static String word(FileOperation operation) {
    return operation.name().toLowerCase(Locale.ROOT);
  }

  private static void path(ObjectNode node, RelativePath path) {
    if (path.bytes().isUtf8()) {
      node.put("path", path.bytes().lossyText());
    } else {
      node.put("pathHex", HexFormat.of().formatHex(path.bytes().toArray()));
    }
  }

  private static RelativePath path(JsonNode node) {
    return node.has("pathHex")
        ? RelativePath.of(Bytes.of(HexFormat.of().parseHex(text(node, "pathHex"))))
        : RelativePath.of(text(node, "path"));
  }

  private static String text(JsonNode node, String key) {
    if (!node.path(key).isTextual()) {
      throw new IllegalArgumentException("a request lacks " + key);
    }
    return node.path(key).textValue();
  }

  private static Set<String> texts(JsonNode array) {
    return texts(array, new LinkedHashSet<>());
  }

  private static <C extends java.util.Collection<String>> C texts(JsonNode array, C into) {
    array.forEach(item -> into.add(item.asText()));
    return into;
  }
}
