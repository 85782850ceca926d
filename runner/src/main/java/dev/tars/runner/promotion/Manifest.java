package dev.tars.runner.promotion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a transaction does to each path: all that undo and rollback need. It is an object of the
 * store, which INTENT names by its digest, so that the log stays short however large a change is.
 *
 * @param originals what stood there before had besides content and mode, by path
 */
record Manifest(List<PathMove> moves, Map<RelativePath, Original> originals) {
  public Manifest {
    moves = List.copyOf(moves);
    originals = Map.copyOf(originals);
  }

  /** A move's way back, to all that stood there. */
  PathMove back(PathMove move) {
    return move.reversed(Optional.ofNullable(originals.get(move.path())));
  }

  byte[] toBytes() {
    ObjectNode document = CanonicalJson.object().put("schema", "tars.transaction/v1");
    ArrayNode paths = document.putArray("paths");
    for (PathMove move : moves) {
      ObjectNode node = paths.addObject().put("path", move.path().bytes().hex());
      move.from().ifPresent(e -> node.set("from", entry(e)));
      move.to().ifPresent(e -> node.set("to", entry(e)));
      Original original = originals.get(move.path());
      if (original != null) {
        original.write(node);
      }
    }
    return CanonicalJson.bytes(document);
  }

  /** Reads what {@link #toBytes} wrote, after its digest was checked. */
  static Manifest read(byte[] bytes) {
    JsonNode document;
    try {
      document = new ObjectMapper().readTree(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("what has the right digest is what was written", e);
    }
    List<PathMove> moves = new ArrayList<>();
    Map<RelativePath, Original> originals = new LinkedHashMap<>();
    for (JsonNode node : document.path("paths")) {
      RelativePath path = RelativePath.of(Bytes.fromHex(node.path("path").asText()));
      moves.add(new PathMove(path, entry(node, "from"), entry(node, "to"), Optional.empty()));
      if (node.has("modified")) {
        originals.put(path, Original.read(node));
      }
    }
    return new Manifest(moves, originals);
  }

  private static ObjectNode entry(TreeEntry entry) {
    ObjectNode node = CanonicalJson.object();
    return switch (entry) {
      case TreeEntry.RegularFile f ->
          node.put("k", "f").put("m", f.mode()).put("h", f.content().hex()).put("s", f.size());
      case TreeEntry.Directory d -> node.put("k", "d").put("m", d.mode());
      case TreeEntry.Symlink l -> node.put("k", "l").put("t", l.target().hex());
    };
  }

  private static Optional<TreeEntry> entry(JsonNode parent, String field) {
    JsonNode node = parent.get(field);
    if (node == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (node.path("k").asText()) {
          case "f" ->
              new TreeEntry.RegularFile(
                  node.path("m").asInt(),
                  new Digest(node.path("h").asText()),
                  node.path("s").asLong());
          case "d" -> new TreeEntry.Directory(node.path("m").asInt());
          default -> new TreeEntry.Symlink(Bytes.fromHex(node.path("t").asText()));
        });
  }
}
