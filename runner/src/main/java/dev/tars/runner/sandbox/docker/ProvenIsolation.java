package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a self-test found, kept in {@code isolation/<key>} of the state directory until the engine
 * or the machine starts again. The state directory is ours; no box sees it.
 */
final class ProvenIsolation {
  private static final Bytes DIRECTORY = Bytes.utf8("isolation");

  private final StoreLayout layout;
  private final EngineClient engine;
  private final String bootId;

  ProvenIsolation(StoreLayout layout, EngineClient engine, String bootId) {
    this.layout = layout;
    this.engine = engine;
    this.bootId = bootId;
  }

  Sandbox.Isolation of(
      Sandbox.ImageFacts image, ResourceLimits limits, Supplier<Sandbox.Isolation> test) {
    Disk disk = layout.disk();
    Bytes name = Bytes.utf8(SelfTest.key(running(), image, limits).hex());
    try (Disk.Dir root = disk.open(layout.root());
        Disk.Dir dir = Directories.openOrMake(disk, root, DIRECTORY)) {
      if (disk.stat(dir, name).isPresent()) {
        Optional<Sandbox.Isolation> known = read(AtomicFile.read(disk, dir, name));
        if (known.isPresent()) {
          return known.get();
        }
      }
      Sandbox.Isolation found = test.get();
      AtomicFile.publish(disk, dir, name, CanonicalJson.bytes(json(found)));
      return found;
    }
  }

  /** An engine that starts again makes its socket again. */
  private String running() {
    StringBuilder text = new StringBuilder(engine.host() + "\n" + engine.version() + "\n" + bootId);
    if (engine.host().startsWith("unix://")) {
      try {
        Path socket = Path.of(engine.host().substring("unix://".length()));
        text.append(Files.getAttribute(socket, "unix:ino"));
        text.append(Files.getAttribute(socket, "unix:ctime"));
      } catch (IOException e) {
        text.append("gone");
      }
    }
    return text.toString();
  }

  static ObjectNode json(Sandbox.Isolation isolation) {
    ObjectNode node = CanonicalJson.object();
    ObjectNode facts = node.putObject("facts");
    isolation.facts().forEach(facts::put);
    isolation.missing().forEach(node.putArray("missing")::add);
    return node;
  }

  private static Optional<Sandbox.Isolation> read(byte[] bytes) {
    try {
      JsonNode node = new ObjectMapper().readTree(bytes);
      Map<String, String> facts = new TreeMap<>();
      node.path("facts").properties().forEach(e -> facts.put(e.getKey(), e.getValue().asText()));
      List<String> missing = new ArrayList<>();
      node.path("missing").forEach(m -> missing.add(m.asText()));
      return facts.containsKey("selfTest")
          ? Optional.of(new Sandbox.Isolation(facts, missing))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // then it is found out again
    }
  }
}
