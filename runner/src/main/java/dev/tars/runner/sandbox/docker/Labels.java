package dev.tars.runner.sandbox.docker;

import dev.tars.runner.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The labels by which leftovers are found, and by which we know that they are ours and dead. */
record Labels(String stateDir, String bootId, long pid, String startedAt) {
  static final String CONTEXT = "dev.tars.context";
  static final String STATE_DIR = "dev.tars.state-dir";
  static final String PURPOSE = "dev.tars.purpose";
  static final String BOOT = "dev.tars.boot";
  static final String PID = "dev.tars.pid";
  static final String STARTED = "dev.tars.started";

  static Labels ofThisProcess(Path stateDir) {
    long pid = ProcessHandle.current().pid();
    return new Labels(stateDir.toString(), currentBoot(), pid, startOf(pid).orElse("unknown"));
  }

  Map<String, String> of(SandboxSpec.Owner owner) {
    Map<String, String> labels = new TreeMap<>();
    labels.put(CONTEXT, owner.context());
    labels.put(PURPOSE, owner.purpose());
    labels.put(STATE_DIR, stateDir);
    labels.put(BOOT, bootId);
    labels.put(PID, Long.toString(pid));
    labels.put(STARTED, startedAt);
    return labels;
  }

  /** True if an object with these labels belongs to this state directory and its runner is dead. */
  boolean isLeftover(@org.jspecify.annotations.Nullable Map<String, String> labels) {
    if (labels == null || !stateDir.equals(labels.get(STATE_DIR))) {
      return false;
    }
    if (!bootId.equals(labels.get(BOOT))) {
      return true;
    }
    String owner = labels.getOrDefault(PID, "");
    if (!owner.matches("[0-9]{1,10}")) {
      return true;
    }
    // A number is used again; the start time tells two processes apart.
    return !startOf(Long.parseLong(owner)).equals(Optional.ofNullable(labels.get(STARTED)));
  }

  static boolean weAreRoot() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    } catch (IOException e) {
      return false; // then nothing is given to another user
    }
  }

  private static Optional<String> startOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(afterName[19]);
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static String currentBoot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
