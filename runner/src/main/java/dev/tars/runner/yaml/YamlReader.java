package dev.tars.runner.yaml;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads one YAML document into nodes: no tags, no anchors, no merge keys, no second document. */
public final class YamlReader {
  private YamlReader() {}

  /**
   * Reads a regular file whole, with a bound.
   *
   * @throws RunnerException with {@code code} if it is no regular file, too large or not there
   */
  public static byte[] bytes(Path file, String name, YamlBounds bounds, FailureCode code) {
    try {
      if (!Files.exists(file)) {
        throw RunnerException.of(FailureCode.NOT_FOUND, "there is no file " + Escape.line(name))
            .help("check the name");
      }
      if (!Files.isRegularFile(file)) {
        throw RunnerException.of(code, Escape.line(name) + " is not a regular file")
            .help("name a file, not a directory or a pipe");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(bounds.bytes() + 1);
        if (bytes.length > bounds.bytes()) {
          throw RunnerException.of(
                  code, Escape.line(name) + " is larger than " + bounds.bytes() + " bytes")
              .help("split it, or put large contents into files beside it");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw RunnerException.of(
              code,
              Escape.line(name) + " cannot be read: " + Escape.line(String.valueOf(e.getMessage())))
          .cause(e)
          .help("check its permissions");
    }
  }

  /**
   * Parses bytes as one map.
   *
   * @throws RunnerException with {@code code}, naming line and column
   */
  public static YamlMap read(byte[] bytes, String name, YamlBounds bounds, FailureCode code) {
    String text = decode(bytes, name, code);
    Problems problems = new Problems(text);
    Node root = compose(text, name, bounds, code);
    YamlChecks.check(root, name, bounds, problems);
    problems.throwIfAny(code);
    if (!(root instanceof MappingNode map)) {
      problems.add(
          position(root.getStartMark(), name), "the file is not a map", "begin with 'apiVersion:'");
      problems.throwIfAny(code);
      throw new IllegalStateException("unreachable: the problem was thrown");
    }
    return new YamlMap(map, name, "", problems);
  }

  private static String decode(byte[] bytes, String name, FailureCode code) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      if (text.startsWith("\uFEFF")) {
        throw RunnerException.of(code, Escape.line(name) + " begins with a byte order mark")
            .at(new SourcePosition(name, 1, 1))
            .help("save it as UTF-8 without a byte order mark");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw RunnerException.of(code, Escape.line(name) + " is not UTF-8")
          .cause(e)
          .help("save it as UTF-8");
    }
  }

  private static Node compose(String text, String name, YamlBounds bounds, FailureCode code) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setAllowDuplicateKeys(true) // found by our own check, with both places
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(bounds.bytes())
            .setUseMarks(true)
            .build();
    try {
      List<Node> documents = new ArrayList<>();
      for (Node node : new Compose(settings).composeAllFromString(text)) {
        documents.add(node);
        if (documents.size() > 1) {
          throw RunnerException.of(code, "the file holds more than one document")
              .at(position(node.getStartMark(), name))
              .help("keep one document a file; take the '---' out");
        }
      }
      if (documents.isEmpty()) {
        throw RunnerException.of(code, Escape.line(name) + " is empty")
            .at(new SourcePosition(name, 1, 1))
            .help("an empty file grants nothing and means nothing; write the document");
      }
      return documents.getFirst();
    } catch (MarkedYamlEngineException e) {
      throw RunnerException.of(code, "not YAML: " + Escape.line(problem(e)))
          .at(position(e.getProblemMark(), name))
          .cause(e)
          .help("correct the syntax at this place");
    } catch (YamlEngineException | StackOverflowError e) {
      throw RunnerException.of(code, "not YAML that is accepted: " + Escape.line(firstLine(e)))
          .at(new SourcePosition(name, 1, 0))
          .cause(e)
          .help("use plain maps, lists and scalars");
    }
  }

  private static String problem(MarkedYamlEngineException e) {
    String problem = e.getProblem();
    return problem == null ? firstLine(e) : problem;
  }

  private static String firstLine(Throwable e) {
    String message = e instanceof StackOverflowError ? "nested too deeply" : e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  static SourcePosition position(Optional<Mark> mark, String name) {
    return mark.map(m -> new SourcePosition(name, m.getLine() + 1, m.getColumn() + 1))
        .orElseGet(() -> new SourcePosition(name, 1, 0));
  }
}
