package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
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
    Info info = engine.ask("describe itself", () -> engine.docker().infoCmd().exec());
    Version version = engine.ask("tell its version", () -> engine.docker().versionCmd().exec());
    List<String> options =
        info.getSecurityOptions() == null ? List.of() : info.getSecurityOptions();
    Map<String, String> facts = new TreeMap<>();
    facts.put("engine", "docker " + version.getVersion());
    facts.put("apiVersion", String.valueOf(version.getApiVersion()));
    facts.put("storageDriver", String.valueOf(info.getDriver()));
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
