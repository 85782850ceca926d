package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an engine gives, and what it lacks. */
final class EngineFacts {
  private final EngineClient engine;

  EngineFacts(EngineClient engine) {
    this.engine = engine;
  }

  Sandbox.Isolation isolation() {
    JsonNode info = engine.get("describe itself", "/info");
    JsonNode version = engine.get("tell its version", "/version");
    List<String> options = new ArrayList<>();
    info.path("SecurityOptions").forEach(o -> options.add(o.asText()));
    Map<String, String> facts = new TreeMap<>();
    facts.put("engine", "docker " + version.path("Version").asText());
    facts.put("apiVersion", version.path("ApiVersion").asText());
    facts.put("storageDriver", info.path("Driver").asText());
    facts.put("runtime", "runc");
    facts.put("network", "none");
    facts.put("user", "unprivileged, all capabilities dropped, no-new-privileges");
    List<String> missing = new ArrayList<>();
    boolean seccomp = options.stream().anyMatch(o -> o.contains("name=seccomp"));
    facts.put("seccomp", seccomp ? "strict" : "unavailable");
    if (!seccomp) {
      missing.add("the engine has no seccomp: system calls are not filtered");
    }
    if (options.stream()
        .noneMatch(o -> o.contains("name=apparmor") || o.contains("name=selinux"))) {
      missing.add("the engine has neither AppArmor nor SELinux");
    }
    if (options.stream().noneMatch(o -> o.contains("name=userns") || o.contains("name=rootless"))) {
      missing.add("the engine does not use user namespaces");
    }
    return new Sandbox.Isolation(facts, missing);
  }
}
