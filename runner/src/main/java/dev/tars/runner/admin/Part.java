package dev.tars.runner.admin;

import java.util.Set;
import java.util.TreeSet;

/** A part of a value in which two policies are compared. */
sealed interface Part {

  /** What a larger value means. */
  enum Direction {
    MORE_IS_WIDER,
    MORE_IS_NARROWER,
    /** Nobody can say: any change counts. */
    UNCLEAR,
    /** Nothing: it only counts where something else names it. */
    NOTHING;

    Way more() {
      return switch (this) {
        case MORE_IS_WIDER -> Way.WIDER;
        case MORE_IS_NARROWER -> Way.NARROWER;
        case UNCLEAR -> Way.CHANGED;
        case NOTHING -> Way.EQUAL;
      };
    }

    Way less() {
      return switch (this) {
        case MORE_IS_WIDER -> Way.NARROWER;
        case MORE_IS_NARROWER -> Way.WIDER;
        case UNCLEAR -> Way.CHANGED;
        case NOTHING -> Way.EQUAL;
      };
    }
  }

  /** The way from this part to what it is afterwards. */
  Way to(Part after);

  /** Fit for a person, not escaped. */
  String shown();

  /** A number. */
  record Level(long number, Direction direction, String shown) implements Part {
    @Override
    public Way to(Part after) {
      if (!(after instanceof Level other)) {
        return Way.CHANGED;
      }
      int by = Long.compare(other.number, number);
      return by == 0 ? Way.EQUAL : by > 0 ? direction.more() : direction.less();
    }
  }

  /** A text that is more or less than no other. */
  record Words(String shown) implements Part {
    @Override
    public Way to(Part after) {
      return equals(after) ? Way.EQUAL : Way.CHANGED;
    }
  }

  /**
   * A condition.
   *
   * @param rank 0 for one that never holds, 1 for one that may, 2 for one that always does
   */
  record When(int rank, String shown, Direction direction) implements Part {
    @Override
    public Way to(Part after) {
      if (!(after instanceof When other)) {
        return Way.CHANGED;
      }
      if (rank != other.rank) {
        return other.rank > rank ? direction.more() : direction.less();
      }
      return rank != 1 || shown.equals(other.shown) ? Way.EQUAL : Way.CHANGED;
    }
  }

  /**
   * A set of names.
   *
   * @param all true if every name counts, whatever the set is
   */
  record Names(Set<String> names, boolean all, Direction direction) implements Part {
    public Names {
      names = Set.copyOf(names);
    }

    Names(Set<String> names, Direction direction) {
      this(names, false, direction);
    }

    @Override
    public Way to(Part after) {
      if (!(after instanceof Names other)) {
        return Way.CHANGED;
      }
      if (all || other.all) {
        return all == other.all ? Way.EQUAL : other.all ? direction.more() : direction.less();
      }
      Way way = other.names.stream().allMatch(names::contains) ? Way.EQUAL : direction.more();
      return names.stream().allMatch(other.names::contains) ? way : way.and(direction.less());
    }

    @Override
    public String shown() {
      return all ? "anyone" : String.join(", ", new TreeSet<>(names));
    }
  }
}
