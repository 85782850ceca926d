package dev.tars.runner.model;

import java.util.List;

/**
 * We could not do our job, or must not. What happened, where, what else is known, and what to do:
 * the command line prints it in that order.
 *
 * <p>Text from outside must be escaped ({@link Escape}) before it goes into a message.
 */
@PublicApi
public final class RunnerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private final transient Told where;
  private final transient List<Told> notes;
  private final transient List<FileProblem> problems;
  private final transient Told help;

  private RunnerException(Builder b, Told help) {
    super(b.what, b.cause);
    this.code = b.code;
    this.where = b.where;
    this.notes = List.copyOf(b.notes);
    this.problems = List.copyOf(b.problems);
    this.help = help;
  }

  /** The short form: what happened and what to do. */
  public RunnerException(FailureCode code, String what, String help) {
    this(new Builder(code, what), Told.plain(help));
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
    return where == null ? "" : where.full();
  }

  public List<String> notes() {
    return notes == null ? List.of() : notes.stream().map(Told::full).toList();
  }

  /** Everything that is wrong with a file, for tools that show each; empty for other failures. */
  public List<FileProblem> problems() {
    return problems == null ? List.of() : problems;
  }

  /** What to do, as a sentence. */
  public String help() {
    return help == null ? "" : help.full();
  }

  /** The same without what it tells of a policy but for ids of rules. */
  public RunnerException briefly() {
    Builder brief = new Builder(code, String.valueOf(getMessage()));
    if (where == null || notes == null || help == null) {
      return brief.help("");
    }
    brief.where = Told.plain(where.brief());
    notes.stream().map(Told::brief).filter(n -> !n.isEmpty()).forEach(brief::note);
    brief.problems = problems();
    brief.cause = getCause();
    RunnerException e = brief.help(help.brief());
    e.setStackTrace(getStackTrace());
    return e;
  }

  /** Collects the parts of a {@link RunnerException}. */
  public static final class Builder {
    private final FailureCode code;
    private final String what;
    private Told where = Told.plain("");
    private final java.util.ArrayList<Told> notes = new java.util.ArrayList<>();
    private List<FileProblem> problems = List.of();
    @org.jspecify.annotations.Nullable private Throwable cause;

    private Builder(FailureCode code, String what) {
      this.code = code;
      this.what = what;
    }

    public Builder at(Object place) {
      return at(Told.plain(place.toString()));
    }

    public Builder at(Told place) {
      this.where = place;
      return this;
    }

    public Builder note(String note) {
      return note(Told.plain(note));
    }

    /** A note on a policy; nothing where its brief form is empty and readers are told briefly. */
    public Builder note(Told note) {
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
      return help(Told.plain(help));
    }

    public RunnerException help(Told help) {
      return new RunnerException(this, help);
    }
  }
}
