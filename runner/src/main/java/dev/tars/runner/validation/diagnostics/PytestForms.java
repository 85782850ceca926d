package dev.tars.runner.validation.diagnostics;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Places of calls, what was raised in lines that begin with an E, and, but where a module did not
 * load, the place again with the exception's name.
 */
final class PytestForms implements Forms {
  private static final Pattern RAISED =
      Pattern.compile("E {3,20}+([A-Z][\\w.]{0,100}+: .*+|assert .*+)");
  private static final Pattern CALL = Pattern.compile("(?:in \\S{1,200}+)?+");

  private Optional<Location> call = Optional.empty();
  private String said = "";

  @Override
  public void line(String line, Consumer<Found> found) {
    if (line.startsWith("E   ")) {
      boolean better = said.isEmpty() || (RAISED.matcher(line).matches() && !raised());
      said = better ? line : said;
      return;
    }
    if (line.startsWith("____") || line.startsWith("====")) {
      end(found);
      return;
    }
    Optional<Location> at = Location.at(line);
    if (at.filter(Location::isCall).isPresent() && !said.isEmpty()) {
      call = at;
      end(found);
    } else if (at.filter(location -> CALL.matcher(location.rest().strip()).matches()).isPresent()) {
      call = at;
    }
  }

  private boolean raised() {
    return RAISED.matcher(said).matches();
  }

  @Override
  public void end(Consumer<Found> found) {
    if (!said.isEmpty()) {
      call.ifPresent(at -> found.accept(new Found(at, said.substring(1))));
    }
    call = Optional.empty();
    said = "";
  }
}
