package dev.tars.runner.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What holds a run to each section of a policy. */
public final class Enforcement {
  private static final Map<String, String> PLACES = new LinkedHashMap<>();

  static {
    put("apiVersion", "loading");
    put("kind", "loading");
    put("metadata", "nothing; it is for people");
    put("requires", "loading");
    put("extends", "loading, by digest");
    put("variables", "loading");
    put("filesystem", "the check of the steps, then of the change set");
    put("resources", "the engine, for every box");
    put("filesystem.default", "the check of the steps, then of the change set");
    put("filesystem.read", "the copy that boxes see, and the change set");
    put("filesystem.hide", "the copy that boxes see, and the change set");
    put("filesystem.write", "the check of the steps, then of the change set");
    put("filesystem.ask", "the check of the steps, then of the change set, and the review");
    put("filesystem.protect", "the check of the steps, then of the change set");
    put("filesystem.scratch", "the copy that boxes see, the change set, the clean room");
    put("filesystem.symlinks", "the check of the change set");
    put("filesystem.limits", "the reading and the check of the change set");
    put("files", "the check of the change set");
    put("processes", "the check of the steps");
    put("network", "the proxy of a run, at each connection; without a rule, no network at all");
    put("environment", "the check of the steps, and the environment of every box");
    put("resources.cpus", "the engine, for every box");
    put("resources.memory", "the engine, for every box");
    put("resources.swap", "the engine, for every box");
    put("resources.pids", "the engine, for every box");
    put("resources.openFiles", "the engine, for every box");
    put("resources.disk", "the watch over the layer of a box");
    put("resources.inodes", "the watch over the layer of a box");
    put("resources.output", "the log of every command");
    put("resources.wallClock", "the clock of the run and of every command");
    put("runtime", "the request for every box, compared with what the engine made of it");
    put("caches", "the layers of every box");
    put("validation", "the clean room");
    put("testIntegrity", "the test gates, and the check of the change set");
    put("agents", "the review");
    put("teams", "the review");
    put("approval", "the review");
    put("promotion", "the promotion");
    put("notifications", "the steps that name them");
    put("handlers", "the steps that name them");
    put("audit", "the audit log and the decisions of a run");
    put("evidence", "the reports and the signed statement of a run");
    put("retention", "tarscli gc");
    put("explain", "every message, document and report about a run");
    put("tests", "tarscli policy test");
  }

  private Enforcement() {}

  private static void put(String section, String place) {
    PLACES.put(section, place);
  }

  /** By the longest section that the name is in; empty if nothing is known of it. */
  public static Optional<String> of(String name) {
    for (String at = name; !at.isEmpty(); at = at.substring(0, Math.max(0, cut(at)))) {
      String place = PLACES.get(at);
      if (place != null) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private static int cut(String name) {
    return Math.max(name.lastIndexOf('.'), name.lastIndexOf('['));
  }
}
