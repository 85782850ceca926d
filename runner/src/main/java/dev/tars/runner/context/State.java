package dev.tars.runner.context;

import dev.tars.runner.model.PublicApi;
import java.util.Locale;

/** Where a context is on its way: a process works on it, or it has ended. */
@PublicApi
public sealed interface State permits State.Working, Ending {
  /** The word in JSON and on the screen, for example {@code awaiting-approval}. */
  String id();

  /** A process must be alive for the context to go on. */
  enum Working implements State {
    PLANNED,
    STAGING,
    RUNNING,
    VALIDATING,
    APPROVED,
    PROMOTING,
    ROLLING_BACK;

    @Override
    public String id() {
      return word(this);
    }
  }

  /** The words of enums as every document spells them. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
