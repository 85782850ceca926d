package dev.tars.runner.validation.checks;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML as events: no alias is followed and no tag is constructed. */
final class YamlSyntax implements Syntax {
  private static final int DEEPEST = 200;

  @Override
  public Optional<Problem> problem(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    // A template of another tool (Helm, Jinja) is not YAML yet.
    if (text.contains("{{") || text.contains("{%")) {
      return Optional.empty();
    }
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(16 << 20).build();
    try {
      int depth = 0;
      // Events come one by one: the scanner's cost grows with the depth, so it ends early.
      for (Event event : new Parse(settings).parseString(text)) {
        depth += change(event);
        if (depth > DEEPEST) {
          int line = event.getStartMark().map(m -> m.getLine() + 1).orElse(0);
          return Optional.of(new Problem(line, "is nested deeper than " + DEEPEST + " levels"));
        }
      }
      return Optional.empty();
    } catch (MarkedYamlEngineException e) {
      return Optional.of(
          new Problem(e.getProblemMark().map(m -> m.getLine() + 1).orElse(0), e.getProblem()));
    } catch (YamlEngineException e) {
      return Optional.of(new Problem(0, String.valueOf(e.getMessage())));
    }
  }

  private static int change(Event event) {
    if (event instanceof CollectionStartEvent) {
      return 1;
    }
    return event instanceof CollectionEndEvent ? -1 : 0;
  }
}
