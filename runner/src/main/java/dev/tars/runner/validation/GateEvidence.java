package dev.tars.runner.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.validation.tests.InventoryJson;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import java.io.IOException;
import java.util.Optional;

/** Every run of a gate as a file of the context: {@code gate-<id>-<phase>.json}. */
public final class GateEvidence {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ContextDir context;

  public GateEvidence(ContextDir context) {
    this.context = context;
  }

  /** Where the output of a run is kept in the context. */
  public static String log(String gate, String phase) {
    return "gates/" + plain(gate) + "-" + phase + ".log";
  }

  private static String name(String gate, String phase) {
    return "gate-" + plain(gate) + "-" + phase + ".json";
  }

  /** A policy's author chose the id; a file name is ours. */
  private static String plain(String gate) {
    String id = gate.replaceAll("[^A-Za-z0-9._-]", "_");
    return id.startsWith(".") ? "_" + id : id;
  }

  public void write(String gate, String phase, GateRun run) {
    ObjectNode node = CanonicalJson.object();
    node.put("schema", "tars.gate-run/v1").put("gate", gate).put("phase", phase);
    node.put("outcome", run.outcome().getClass().getSimpleName());
    if (run.outcome() instanceof SandboxOutcome.Exited exited) {
      node.put("exitCode", exited.code());
    }
    node.put("millis", run.outcome().observed().elapsed().toMillis());
    node.put("outputBytes", run.outcome().observed().outputBytes());
    switch (run.reports()) {
      case Reports.Read read -> node.set("inventory", InventoryJson.write(read.tests()));
      case Reports.Unreadable unreadable -> node.put("unreadable", unreadable.reason());
    }
    run.touched().forEach(node.putArray("touched")::add);
    context.write(name(gate, phase), CanonicalJson.bytes(node));
  }

  /** The tests of a run that was written before; empty if there is none. */
  public Optional<TestInventory> tests(String gate, String phase) {
    String name = name(gate, phase);
    if (!context.has(name)) {
      return Optional.empty();
    }
    try {
      JsonNode run = MAPPER.readTree(context.read(name));
      if (!run.isObject() || !run.path("gate").asText().equals(gate)) {
        throw new IllegalArgumentException("it is not of this gate");
      }
      return Optional.ofNullable(run.get("inventory")).map(InventoryJson::read);
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw RunnerException.of(
              FailureCode.INTEGRITY,
              "what is kept of the gate " + Escape.line(gate) + " is damaged")
          .at(Escape.line(context.path().resolve(name).toString()))
          .cause(e)
          .help("run the improvement again");
    }
  }
}
