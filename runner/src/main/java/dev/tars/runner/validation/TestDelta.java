package dev.tars.runner.validation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Tests before and after a change; every list holds names {@code class#method}, sorted, escaped.
 */
public record TestDelta(Counts counts, Map<Kind, List<String>> names) {
  /** Tests after the change; what did not load and failures outside of tests are no tests. */
  public record Counts(int passed, int failed, int skipped) {}

  /** What became of a test. A test is of no kind if it ended as before, and not red. */
  public enum Kind {
    FIXED("fixed"),
    BROKEN("broken"),
    STILL_FAILING("stillFailing"),
    ADDED("added"),
    VANISHED("vanished"),
    NEWLY_SKIPPED("newlySkipped"),
    /** Red, and not there before; also what newly does not load or fails outside of a test. */
    NEW_FAILURES("newFailures"),
    /** Red, and before in some runs and not in others. */
    UNSTABLE("unstable"),
    /** Red before and after, with another message. */
    FAILS_OTHERWISE("failsOtherwise"),
    /** Skipped before, and passed. */
    WOKEN("woken");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    /** As a reader is told of a red test of this kind. */
    public String words() {
      return switch (this) {
        case BROKEN -> "passed before, fails now";
        case NEW_FAILURES -> "new, fails";
        case FAILS_OTHERWISE -> "red before with another message";
        case UNSTABLE -> "red before in some runs";
        case STILL_FAILING -> "red before too";
        case FIXED, ADDED, VANISHED, NEWLY_SKIPPED, WOKEN -> id;
      };
    }

    /** As the verdict's JSON spells it. */
    public String id() {
      return id;
    }

    /**
     * The kind that is spelled so.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Kind of(String id) {
      for (Kind kind : values()) {
        if (kind.id.equals(id)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of tests: " + id);
    }
  }

  public TestDelta {
    EnumMap<Kind, List<String>> all = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      all.put(kind, List.copyOf(names.getOrDefault(kind, List.of())));
    }
    names = Map.copyOf(all);
  }

  public List<String> of(Kind kind) {
    return names.getOrDefault(kind, List.of());
  }

  /** Tests that ran to an end. */
  public int run() {
    return counts.passed() + counts.failed();
  }

  public int failed() {
    return counts.failed();
  }

  public int skipped() {
    return counts.skipped();
  }

  public List<String> fixed() {
    return of(Kind.FIXED);
  }

  public List<String> broken() {
    return of(Kind.BROKEN);
  }

  public List<String> stillFailing() {
    return of(Kind.STILL_FAILING);
  }

  public List<String> added() {
    return of(Kind.ADDED);
  }

  public List<String> vanished() {
    return of(Kind.VANISHED);
  }

  public List<String> newlySkipped() {
    return of(Kind.NEWLY_SKIPPED);
  }
}
