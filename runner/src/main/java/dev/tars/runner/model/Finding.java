package dev.tars.runner.model;

/**
 * Something noticed in a change set or a run.
 *
 * @param rule a stable dotted name such as {@code path.git-alias}
 * @param path escaped path, or empty if it is about no path
 * @param line from 1, or 0 if it is about no line
 * @param brief the message for who may be told no more of a policy than ids of rules
 */
@PublicApi
public record Finding(
    String rule, Severity severity, String path, int line, String message, String brief) {

  /** One whose message tells nothing of a policy. */
  public Finding(String rule, Severity severity, String path, int line, String message) {
    this(rule, severity, path, line, message, message);
  }

  public Told told() {
    return new Told(message, brief);
  }
}
