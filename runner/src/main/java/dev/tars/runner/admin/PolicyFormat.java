package dev.tars.runner.admin;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.yaml.YamlBounds;
import dev.tars.runner.yaml.YamlLayout;
import dev.tars.runner.yaml.YamlReader;
import java.nio.charset.StandardCharsets;

/**
 * One layout for policies. What it cannot lay out without a loss it leaves as it is, and says so.
 */
final class PolicyFormat {
  private static final int MOST_ROUNDS = 4;

  private PolicyFormat() {}

  /**
   * Lays out a policy.
   *
   * @throws RunnerException POLICY_INVALID if it is not YAML; POLICY_UNSUPPORTED if the result
   *     would mean something else, or lack a comment
   */
  static String format(byte[] bytes, String name) {
    String before = canonical(bytes, name);
    String text = new String(bytes, StandardCharsets.UTF_8);
    String laidOut = once(text, name);
    for (int i = 0; i < MOST_ROUNDS && !once(laidOut, name).equals(laidOut); i++) {
      laidOut = once(laidOut, name); // a comment that moved may make another line fit
    }
    byte[] after = laidOut.getBytes(StandardCharsets.UTF_8);
    boolean same =
        before.equals(canonical(after, name))
            && YamlLayout.comments(text).equals(YamlLayout.comments(laidOut))
            && once(laidOut, name).equals(laidOut);
    if (!same) {
      throw refused(name, "the result would not say the same, or would lack a comment");
    }
    return laidOut;
  }

  private static String once(String text, String name) {
    try {
      return YamlLayout.format(text);
    } catch (RuntimeException e) {
      throw refused(
          name, Escape.line(String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
  }

  private static RunnerException refused(String name, String why) {
    return RunnerException.of(FailureCode.POLICY_UNSUPPORTED, "this file cannot be laid out")
        .at(Escape.line(name))
        .note(why)
        .note("the file was not changed")
        .help("lay it out by hand, or move comments out of lists in brackets");
  }

  private static String canonical(byte[] bytes, String name) {
    return YamlReader.read(bytes, name, YamlBounds.POLICY, FailureCode.POLICY_INVALID).json();
  }
}
