package dev.tars.runner.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.validation.tests.InventoryJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Before-results in the state directory, one file for each baseline, image and gate. Runs that want
 * the same one at the same time wait for the first.
 */
public final class StoredBeforeResults implements BeforeResults {
  private static final String SCHEMA = "tars.tests-before/v2";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long POLL_MILLIS = 50;

  private final StoreLayout layout;
  private final ObjectNode circumstances;

  /**
   * @param circumstances all that the result depends on but for the gate: tree digest, image,
   *     environment, limits, caches
   */
  public StoredBeforeResults(StoreLayout layout, ObjectNode circumstances) {
    this.layout = layout;
    this.circumstances = circumstances;
  }

  @Override
  public TestsBefore of(Gate.Tests gate, int runs, IntFunction<TestsBefore> run) {
    ObjectNode key = key(gate);
    String name = "before-" + CanonicalJson.digest(key).hex();
    Disk disk = layout.disk();
    try (Disk.Dir dir = disk.open(layout.derived())) {
      TestsBefore kept = read(disk, dir, name, key);
      if (kept.history().size() >= runs) {
        return kept;
      }
      try (Disk.DiskFile lock = lockFile(disk, dir, Bytes.utf8(name + ".lock"))) {
        while (!disk.tryLock(lock)) {
          pause();
        }
        // The one who held the lock may have published meanwhile.
        TestsBefore known = read(disk, dir, name, key);
        TestsBefore result = BeforeResults.fill(known, runs, run);
        if (result.history().size() > known.history().size()) {
          AtomicFile.publish(
              disk, dir, Bytes.utf8(name), CanonicalJson.bytes(write(result.history(), key)));
        }
        return result;
      }
    }
  }

  private ObjectNode key(Gate.Tests gate) {
    ObjectNode key = circumstances.deepCopy();
    ObjectNode node = key.putObject("gate");
    gate.argv().forEach(node.putArray("argv")::add);
    ArrayNode reports = node.putArray("reports");
    gate.reports().forEach(glob -> reports.add(glob.text()));
    node.put("timeoutMillis", gate.timeout().toMillis());
    return key;
  }

  private static ObjectNode write(List<TestsBefore.Run> runs, ObjectNode key) {
    ObjectNode node = CanonicalJson.object();
    node.put("schema", SCHEMA);
    node.set("key", key);
    ArrayNode all = node.putArray("runs");
    for (TestsBefore.Run run : runs) {
      ObjectNode one = all.addObject().put("exitCode", run.exitCode()).put("millis", run.millis());
      one.set("inventory", InventoryJson.write(run.tests()));
    }
    return node;
  }

  /** Anything that is not what we wrote for this key counts as not there. */
  private static TestsBefore read(Disk disk, Disk.Dir dir, String name, ObjectNode key) {
    TestsBefore none = new TestsBefore.Unusable("it was not run yet");
    try {
      JsonNode node = MAPPER.readTree(AtomicFile.read(disk, dir, Bytes.utf8(name)));
      if (!node.path("schema").asText().equals(SCHEMA) || !isKey(node.path("key"), key)) {
        return none;
      }
      List<TestsBefore.Run> runs = new ArrayList<>();
      for (JsonNode run : node.required("runs")) {
        runs.add(
            new TestsBefore.Run(
                run.required("exitCode").asInt(),
                run.required("millis").asLong(),
                InventoryJson.read(run.required("inventory"))));
      }
      return new TestsBefore.Known(runs);
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return none;
      }
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      return none;
    }
  }

  /** By canonical bytes: a number that was read back is of another class than one that was put. */
  private static boolean isKey(JsonNode node, ObjectNode key) {
    return node.isObject() && CanonicalJson.digest(node).equals(CanonicalJson.digest(key));
  }

  private static Disk.DiskFile lockFile(Disk disk, Disk.Dir dir, Bytes name) {
    try {
      return disk.create(dir, name, Sharing.file(disk, dir));
    } catch (DiskException e) {
      if (e.errno() == Errno.EEXIST) {
        return disk.open(dir, name, Disk.OpenMode.WRITE);
      }
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunnerException(
          FailureCode.INTERRUPTED,
          "interrupted while another run tests the same baseline",
          "start it again");
    }
  }
}
