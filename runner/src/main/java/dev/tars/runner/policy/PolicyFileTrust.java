package dev.tars.runner.policy;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A policy is trusted by where it lies: outside the workspace, and written by nobody else. */
final class PolicyFileTrust {
  private final Optional<Path> workspace;

  PolicyFileTrust(Optional<Path> workspace) {
    this.workspace = workspace;
  }

  void require(Path file) {
    try {
      Path real = file.toRealPath();
      if (workspace.isPresent() && real.startsWith(workspace.get().toRealPath())) {
        throw refused(
            file, "it lies in the workspace, where a change could reach it", "move it outside");
      }
      if ((int) Files.getAttribute(real, "unix:nlink") != 1) {
        throw refused(
            file, "it has another name (a hard link), by which others may reach it", "copy it");
      }
      requireOurs(file, real, "");
      for (Path dir = real.getParent(); dir != null; dir = dir.getParent()) {
        requireOurs(file, dir, "the directory " + Escape.line(dir.toString()) + ": ");
      }
    } catch (IOException e) {
      throw refused(file, "it cannot be examined: " + e.getMessage(), "check its permissions");
    }
  }

  /** Whoever may write to a directory may put another file in the place of this one. */
  private static void requireOurs(Path file, Path real, String whose) throws IOException {
    int mode = (int) Files.getAttribute(real, "unix:mode");
    boolean sticky = Files.isDirectory(real) && (mode & 01000) != 0; // others' files stay theirs
    if ((mode & 0022) != 0 && !sticky) {
      throw refused(file, whose + "others may write to it", "chmod go-w it");
    }
    int owner = (int) Files.getAttribute(real, "unix:uid");
    int us = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (owner != 0 && owner != us) {
      throw refused(file, whose + "it belongs to another user", "let root or yourself own it");
    }
  }

  private static RunnerException refused(Path file, String why, String help) {
    return RunnerException.of(FailureCode.POLICY_INVALID, "the policy file is not trusted: " + why)
        .at(Escape.line(file.toString()))
        .help(help);
  }
}
