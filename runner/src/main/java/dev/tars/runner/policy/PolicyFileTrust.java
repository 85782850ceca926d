package dev.tars.runner.policy;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A policy is trusted by where it lies: outside the workspace, and written by nobody else. */
final class PolicyFileTrust {
  private final Path workspace;

  PolicyFileTrust(Path workspace) {
    this.workspace = workspace;
  }

  void require(Path file) {
    try {
      Path real = file.toRealPath();
      if (real.startsWith(workspace.toRealPath())) {
        throw refused(
            file, "it lies in the workspace, where a change could reach it", "move it outside");
      }
      int mode = (int) Files.getAttribute(real, "unix:mode");
      if ((mode & 0022) != 0) {
        throw refused(file, "others may write to it", "chmod go-w it");
      }
      int owner = (int) Files.getAttribute(real, "unix:uid");
      int us = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      if (owner != 0 && owner != us) {
        throw refused(file, "it belongs to another user", "let root or yourself own it");
      }
    } catch (IOException e) {
      throw refused(file, "it cannot be examined: " + e.getMessage(), "check its permissions");
    }
  }

  private static RunnerException refused(Path file, String why, String help) {
    return RunnerException.of(FailureCode.POLICY_INVALID, "the policy file is not trusted: " + why)
        .at(Escape.line(file.toString()))
        .help(help);
  }
}
