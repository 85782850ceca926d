package dev.tars.runner.decisions;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.net.NetworkPhase;
import java.util.List;
import java.util.Optional;

/** Something that a policy is asked about. */
public sealed interface Request {

  /** May a change set do this to a path? */
  record Write(RelativePath path, FileOperation operation) implements Request {}

  /** Is a path copied into the box? */
  record Read(RelativePath path) implements Request {}

  /** Is a path written in the box and dropped afterwards? If not, it is a write. */
  record Scratch(RelativePath path) implements Request {}

  /** May a written file be of this kind? */
  record File(FileFacts facts) implements Request {}

  /** May a step run this command? */
  record Run(List<String> argv) implements Request {
    public Run {
      argv = List.copyOf(argv);
      if (argv.isEmpty()) {
        throw new IllegalArgumentException("a command has at least one word");
      }
    }
  }

  /**
   * May a box connect to this host?
   *
   * @param method of a request in plain HTTP; empty for TLS
   */
  record Connect(String host, int port, NetworkPhase phase, Optional<String> method)
      implements Request {
    public Connect(String host, int port, NetworkPhase phase) {
      this(host, port, phase, Optional.empty());
    }
  }

  /** May a plan set this variable? */
  record Env(String name) implements Request {}

  /**
   * Is a number of a change set within its limit?
   *
   * @param name the policy's key below {@code filesystem.limits}
   */
  record Limit(String name, long value) implements Request {}

  /**
   * May this content be in a change set?
   *
   * @param check {@code bidi}, {@code invisible}, {@code secrets}, {@code contentMismatch} or
   *     {@code symlinks}
   */
  record Content(RelativePath path, String check) implements Request {}

  /** Did a gate of the policy pass? Its answer is a fact of the run, not of a rule. */
  record Gate(String id) implements Request {}
}
