package dev.tars.cli;

import dev.tars.runner.context.Ending;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Severity;

/**
 * Colours by meaning, in the sixteen that every terminal has and its user can choose. Each says
 * nothing that the words do not say too.
 *
 * @param on false leaves every text as it is
 */
record Paint(boolean on) {
  String good(String text) {
    return in("32", text);
  }

  String bad(String text) {
    return in("31", text);
  }

  String warn(String text) {
    return in("33", text);
  }

  String strong(String text) {
    return in("1", text);
  }

  String dim(String text) {
    return in("2", text);
  }

  String place(String text) {
    return in("36", text);
  }

  /** How a context stands. */
  String state(State state) {
    String word = state.id();
    return switch (state) {
      case State.Working _ -> strong(word);
      case Ending.Done _ -> good(word);
      case Ending.Waiting _ -> warn(word);
      case Ending.Failed _ -> bad(word);
    };
  }

  /** A result of a step, a gate or a verdict, by its word. */
  String result(String word) {
    return switch (word) {
      case "passed", "succeeded", "ok" -> good(word);
      case "failed", "timed-out", "error", "denied", "problem" -> bad(word);
      case "skipped", "none" -> dim(word);
      default -> warn(word);
    };
  }

  String severity(Severity severity) {
    String word = State.word(severity);
    return switch (severity) {
      case INFO -> dim(word);
      case REVIEW -> warn(word);
      case REJECT -> bad(word);
    };
  }

  private String in(String code, String text) {
    return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
