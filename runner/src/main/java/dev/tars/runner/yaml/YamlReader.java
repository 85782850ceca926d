package dev.tars.runner.yaml;

import dev.tars.runner.files.FilesBeneath;
import dev.tars.runner.files.NamedFile;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads one YAML document into nodes: no tags, no anchors, no merge keys, no second document. */
public final class YamlReader {
  /** INVARIANT: nothing of a file is quoted that does not say this of itself: it is not ours. */
  private static final Pattern OURS = Pattern.compile(":[ \t]*[\"']?tars[.]dev/");

  private YamlReader() {}

  /**
   * Reads a regular file whole, with a bound.
   *
   * @throws RunnerException with {@code code} if it is no regular file, too large or not there
   */
  public static byte[] bytes(Path file, String name, YamlBounds bounds, FailureCode code) {
    try {
      return NamedFile.read(file, bounds.bytes());
    } catch (NoSuchFileException e) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "there is no file " + Escape.line(name))
          .cause(e)
          .help("check the name");
    } catch (NamedFile.NotRegular e) {
      throw RunnerException.of(code, Escape.line(name) + " is not a regular file")
          .cause(e)
          .help("name a file, not a directory or a pipe");
    } catch (NamedFile.TooLarge e) {
      throw RunnerException.of(
              code, Escape.line(name) + " is larger than " + bounds.bytes() + " bytes")
          .cause(e)
          .help("split it, or put large contents into files beside it");
    } catch (IOException e) {
      throw RunnerException.of(
              code,
              Escape.line(name) + " cannot be read: " + Escape.line(String.valueOf(e.getMessage())))
          .cause(e)
          .help("check its permissions");
    }
  }

  /**
   * Reads a file that a repository supplies, without following a link.
   *
   * @param name the file as messages show it
   * @throws RunnerException NOT_FOUND if there is none, else {@code code}
   */
  public static byte[] bytes(
      FilesBeneath files, RelativePath path, String name, YamlBounds bounds, FailureCode code) {
    try {
      return files.read(path, bounds.bytes());
    } catch (NoSuchFileException e) {
      throw RunnerException.of(FailureCode.NOT_FOUND, "there is no file " + Escape.line(name))
          .cause(e)
          .help("check the name");
    } catch (IOException e) {
      throw RunnerException.of(
              code,
              Escape.line(name) + " is not read: " + Escape.line(String.valueOf(e.getMessage())))
          .cause(e)
          .help("put a regular file in its place, in a directory that is no link");
    }
  }

  /**
   * Parses bytes as one map.
   *
   * @throws RunnerException with {@code code}, naming line and column
   */
  public static YamlMap read(byte[] bytes, String name, YamlBounds bounds, FailureCode code) {
    Problems problems = new Problems();
    Optional<YamlMap> top = open(bytes, name, bounds, problems);
    problems.throwIfAny(code);
    return top.orElseThrow();
  }

  /**
   * Parses bytes as one map and goes on where it can: a map comes back unless its structure cannot
   * be trusted, and then there is a problem. Whoever reads on must look at the problems at the end.
   */
  public static Optional<YamlMap> open(
      byte[] bytes, String name, YamlBounds bounds, Problems problems) {
    try {
      String text = decode(bytes, name, problems);
      if (!text.isBlank() && !OURS.matcher(text).find()) {
        throw new Unreadable(
            problems,
            new SourcePosition(name, 1, 1),
            "the file does not say apiVersion: tars.dev/…",
            "begin it so; no line of a file that is not ours is shown");
      }
      problems.source(name, text);
      Node root = compose(text, name, bounds, problems);
      if (!YamlChecks.check(root, name, bounds, problems)) {
        return Optional.empty();
      }
      if (!(root instanceof MappingNode map)) {
        problems.add(
            position(root.getStartMark(), name),
            "the file is not a map",
            "begin with 'apiVersion:'");
        return Optional.empty();
      }
      return Optional.of(new YamlMap(map, name, "", problems));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  /** The problem is told; nothing can be read. */
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(Problems problems, SourcePosition at, String what, String fix) {
      super(what);
      problems.add(at, what, fix);
    }
  }

  private static String decode(byte[] bytes, String name, Problems problems) throws Unreadable {
    SourcePosition start = new SourcePosition(name, 1, 1);
    boolean wide =
        bytes.length >= 2
            && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
    if (wide) {
      throw new Unreadable(
          problems, start, Escape.line(name) + " is UTF-16 or UTF-32", "save it as UTF-8");
    }
    CharBuffer text = CharBuffer.allocate(bytes.length);
    ByteBuffer from = ByteBuffer.wrap(bytes);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(from, text, true);
    String decoded = text.flip().toString();
    if (result.isError()) {
      throw new Unreadable(
          problems, endOf(decoded, name), Escape.line(name) + " is not UTF-8", "save it as UTF-8");
    }
    if (decoded.startsWith("\uFEFF")) {
      throw new Unreadable(
          problems,
          start,
          Escape.line(name) + " begins with a byte order mark",
          "save it as UTF-8 without a byte order mark");
    }
    return decoded;
  }

  private static SourcePosition endOf(String text, String name) {
    int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
    String last = text.substring(text.lastIndexOf('\n') + 1);
    return new SourcePosition(name, line, last.codePointCount(0, last.length()) + 1);
  }

  private static Node compose(String text, String name, YamlBounds bounds, Problems problems)
      throws Unreadable {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setAllowDuplicateKeys(true) // found by our own check, with both places
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(bounds.bytes())
            // Its window is copied whenever it is full: a long line would cost its square.
            .setBufferSize(Math.max(1024, text.length() + 1))
            .setUseMarks(true)
            .build();
    SourcePosition start = new SourcePosition(name, 1, 1);
    try {
      List<Node> documents = new ArrayList<>();
      for (Node node : new Compose(settings).composeAllFromString(text)) {
        documents.add(node);
        if (documents.size() > 1) {
          throw new Unreadable(
              problems,
              position(node.getStartMark(), name),
              "the file holds more than one document",
              "keep one document a file; take the '---' out");
        }
      }
      if (documents.isEmpty()) {
        throw new Unreadable(
            problems,
            start,
            Escape.line(name) + " is empty",
            "an empty file grants nothing and means nothing; write the document");
      }
      return documents.getFirst();
    } catch (MarkedYamlEngineException e) {
      throw new Unreadable(
          problems,
          position(e.getProblemMark(), name),
          "not YAML: " + Escape.line(problem(e)),
          "correct the syntax at this place");
    } catch (ReaderException e) {
      int characters = Math.min(e.getPosition(), text.codePointCount(0, text.length()));
      String before = text.substring(0, text.offsetByCodePoints(0, characters));
      throw new Unreadable(
          problems,
          endOf(before, name),
          "a character that YAML does not take: U+%04X".formatted(e.getCodePoint()),
          "take it out");
    } catch (YamlEngineException | StackOverflowError e) {
      throw new Unreadable(
          problems,
          start,
          "not YAML that is accepted: " + Escape.line(firstLine(e)),
          "use plain maps, lists and scalars");
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
