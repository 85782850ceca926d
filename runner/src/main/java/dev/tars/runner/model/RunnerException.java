package dev.tars.runner.model;

import java.util.List;

/**
 * We could not do our job, or must not. What happened, where, what else is known, and what to do:
 * the command line prints it in that order.
 *
 * <p>Text from outside must be escaped ({@link Escape}) before it goes into a message.
 */
public final class RunnerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private final String where;
  private final transient List<String> notes;
  private final transient List<FileProblem> problems;
  private final String help;

  private RunnerException(Builder b, String help) {
    super(b.what, b.cause);
    this.code = b.code;
    this.where = b.where;
    this.notes = List.copyOf(b.notes);
    this.problems = List.copyOf(b.problems);
    this.help = help;
  }

  /** The short form: what happened and what to do. */
  public RunnerException(FailureCode code, String what, String help) {
    this(new Builder(code, what), help);
  }

  /** Starts an exception with a place, notes or a cause; end it with {@link Builder#help}. */
  public static Builder of(FailureCode code, String what) {
    return new Builder(code, what);
  }

  public FailureCode code() {
    return code;
  }

  /** A file position or another place, or the empty string. */
  public String where() {
    return where;
  }

  public List<String> notes() {
    return notes == null ? List.of() : notes;
  }

  /** Everything that is wrong with a file, for tools that show each; empty for other failures. */
  public List<FileProblem> problems() {
    return problems == null ? List.of() : problems;
  }

  /** What to do, as a sentence. */
  public String help() {
    return help;
  }

  /** Collects the parts of a {@link RunnerException}. */
  public static final class Builder {
    private final FailureCode code;
    private final String what;
    private String where = "";
    private final java.util.ArrayList<String> notes = new java.util.ArrayList<>();
    private List<FileProblem> problems = List.of();
    @org.jspecify.annotations.Nullable private Throwable cause;

    private Builder(FailureCode code, String what) {
      this.code = code;
      this.what = what;
    }

    public Builder at(Object place) {
      this.where = place.toString();
      return this;
    }

    public Builder note(String note) {
      notes.add(note);
      return this;
    }

    public Builder problems(List<FileProblem> problems) {
      this.problems = problems;
      return this;
    }

    public Builder cause(Throwable cause) {
      this.cause = cause;
      return this;
    }

    public RunnerException help(String help) {
      return new RunnerException(this, help);
    }
  }
}
