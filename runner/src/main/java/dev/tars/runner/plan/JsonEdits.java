package dev.tars.runner.plan;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.List;

/** RFC 6902 on the text of a JSON file; layout outside the touched values is kept. */
final class JsonEdits {
  private JsonEdits() {}

  static String apply(String text, List<String> operations, Edits.Place place) {
    throw RunnerException.of(
            FailureCode.PLAN_UNSUPPORTED,
            "jsonPatch with "
                + operations.size()
                + " operations on "
                + text.length()
                + " characters cannot be applied yet ("
                + place
                + ")")
        .at(place.at())
        .note("nothing was changed")
        .help("use replace or patch");
  }
}
