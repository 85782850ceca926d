package dev.tars.runner.validation;

import dev.tars.runner.validation.diagnostics.Diagnostic;
import dev.tars.runner.validation.diagnostics.DiagnosticReader;
import dev.tars.runner.validation.diagnostics.Place;
import dev.tars.runner.validation.diagnostics.SourcePaths;
import dev.tars.runner.validation.tests.Reports;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a red run says of places in the workspace. It comes from the box: it is shown, and decides
 * nothing.
 *
 * @param printed problems, as tools printed them
 * @param tests the innermost frame in the workspace of failures in reports, by the test's name
 */
public record Located(List<Diagnostic> printed, Map<String, Place> tests) {
  public static final Located NONE = new Located(List.of(), Map.of());

  public Located {
    printed = List.copyOf(printed);
    tests = Map.copyOf(tests);
  }

  static Located of(String printed, Reports reports, SourcePaths paths) {
    Map<String, Place> tests = new TreeMap<>();
    if (reports instanceof Reports.Read read) {
      read.tests()
          .failures()
          .forEach((name, failure) ->
              DiagnosticReader.innermost(failure.text(), paths)
                  .ifPresent(place -> tests.put(name, place)));
    }
    return new Located(DiagnosticReader.read(printed, paths), tests);
  }
}
