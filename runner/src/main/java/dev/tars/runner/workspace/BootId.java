package dev.tars.runner.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which run of the kernel this is. */
final class BootId {
  private BootId() {}

  /** The kernel's id, or one of this process where it has none: then nothing old is believed. */
  static String current() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "process-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    }
  }
}
