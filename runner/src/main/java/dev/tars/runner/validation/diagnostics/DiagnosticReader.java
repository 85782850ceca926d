package dev.tars.runner.validation.diagnostics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What tools print to the problems in it that have a place in the workspace. */
public final class DiagnosticReader {
  private static final int MOST = 50;
  private static final int MOST_READ = 1_000;
  private static final int MOST_LINES = 50_000;
  private static final int LONGEST_LINE = 2_000;

  /** Colours and other commands for a terminal. */
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;?]{0,20}+[A-Za-z]");

  private DiagnosticReader() {}

  /**
   * At most {@value #MOST} problems, those in changed files first, each once.
   *
   * @param printed raw; only the beginning of a very long text is read
   */
  public static List<Diagnostic> read(String printed, SourcePaths paths) {
    Map<Place, Diagnostic> all = new LinkedHashMap<>();
    Consumer<Forms.Found> found =
        problem -> {
          String message = problem.message();
          Optional<Place> place = problem.location().in(paths);
          if (place.isPresent() && !message.isBlank() && all.size() < MOST_READ) {
            all.putIfAbsent(place.get(), Diagnostic.printed(place.get(), message));
          }
        };
    List<Forms> forms = Forms.all(paths);
    printed
        .lines()
        .limit(MOST_LINES)
        .map(DiagnosticReader::plain)
        .forEach(line -> forms.forEach(form -> form.line(line, found)));
    forms.forEach(form -> form.end(found));
    return all.values().stream()
        .sorted(Comparator.comparing(d -> !d.place().changed()))
        .limit(MOST)
        .toList();
  }

  /** The innermost place of a trace that is in the workspace. */
  public static Optional<Place> innermost(String trace, SourcePaths paths) {
    List<Place> downwards = new ArrayList<>();
    List<Place> upwards = new ArrayList<>();
    trace
        .lines()
        .limit(MOST_LINES)
        .map(DiagnosticReader::plain)
        .forEach(line -> {
          Optional<Frame> frame = Frame.of(line);
          Optional<Location> at = frame.map(Frame::location).or(() -> Location.at(line.strip()));
          boolean last =
              frame.map(Frame::lastIsInnermost).orElse(at.filter(Location::isCall).isPresent());
          at.flatMap(location -> location.in(paths)).ifPresent((last ? upwards : downwards)::add);
        });
    if (!downwards.isEmpty()) {
      return Optional.of(downwards.getFirst());
    }
    return upwards.isEmpty() ? Optional.empty() : Optional.of(upwards.getLast());
  }

  private static String plain(String line) {
    String cut = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
    return cut.indexOf('\u001b') < 0 ? cut : COLOUR.matcher(cut).replaceAll("");
  }
}
