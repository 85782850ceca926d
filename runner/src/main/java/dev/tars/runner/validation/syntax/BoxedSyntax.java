package dev.tars.runner.validation.syntax;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.checks.Contents;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.validation.checks.MeantBroken;
import dev.tars.runner.validation.syntax.ParserBox.GivenFile;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Syntax of each changed file, all in one box. What the box prints can only add findings; a file
 * that it does not answer for is unchecked, and a finding says so.
 */
public final class BoxedSyntax {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int MOST_OUTPUT = 1 << 20;
  private static final int MOST_FILES = 2000;
  private static final long LARGEST = 4L << 20;
  private static final long LARGEST_TOGETHER = 64L << 20;

  /** No start-up file, no site, nothing of the user, no compiled files. */
  private static final List<String> ARGV = List.of("python3", "-I", "-S", "-B", "parse.py");

  private final ParserBox box;
  private final TestIntegrity tests;

  public BoxedSyntax(ParserBox box, TestIntegrity tests) {
    this.box = box;
    this.tests = tests;
  }

  /** Adds what the parsers of the box say, and what nothing was said of. */
  public void check(ChangeSet changeSet, Contents contents, Findings findings) {
    List<Source> sources = new ArrayList<>();
    Map<String, List<RelativePath>> unparsed = new TreeMap<>();
    long bytes = 0;
    for (Change change : changeSet.changes()) {
      Optional<TreeEntry.RegularFile> file = changed(change);
      if (file.isEmpty()) {
        continue;
      }
      String name = change.path().name().lossyText().toLowerCase(Locale.ROOT);
      SourceLanguage.unparsed(name)
          .ifPresent(l -> unparsed.computeIfAbsent(l, _ -> new ArrayList<>()).add(change.path()));
      Optional<SourceLanguage> language =
          SourceLanguage.of(name, file.get().size() > LARGEST ? "" : firstLine(change, contents));
      if (language.isEmpty()) {
        continue;
      }
      bytes += file.get().size();
      boolean fits =
          file.get().size() <= LARGEST && bytes <= LARGEST_TOGETHER && sources.size() < MOST_FILES;
      if (fits) {
        sources.add(new Source(change, language.get()));
      } else {
        unchecked(change.path(), "is more than the syntax box takes", findings);
      }
    }
    if (!sources.isEmpty()) {
      judge(sources, box.run(job(sources, contents)), contents, findings, unparsed);
    }
    unparsed.forEach((language, paths) -> none(language, paths, findings));
  }

  private record Source(Change change, SourceLanguage language) {
    RelativePath path() {
      return change.path();
    }
  }

  /** A regular file with other content than before. */
  private static Optional<TreeEntry.RegularFile> changed(Change change) {
    if (!(change.after().orElse(null) instanceof TreeEntry.RegularFile after)) {
      return Optional.empty();
    }
    boolean same =
        change.before().orElse(null) instanceof TreeEntry.RegularFile before
            && before.content().equals(after.content());
    return same ? Optional.empty() : Optional.of(after);
  }

  private static String firstLine(Change change, Contents contents) {
    byte[] content = contents.after(change);
    int end = 0;
    while (end < Math.min(content.length, 200) && content[end] != '\n' && content[end] != '\r') {
      end++;
    }
    return new String(content, 0, end, StandardCharsets.UTF_8);
  }

  private static ParserBox.Job job(List<Source> sources, Contents contents) {
    List<GivenFile> files = new ArrayList<>();
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < sources.size(); i++) {
      Change change = sources.get(i).change();
      list.append(i).append('\t').append(sources.get(i).language().id()).append('\n');
      files.add(new GivenFile(i + ".a", () -> contents.after(change)));
      if (change.before().orElse(null) instanceof TreeEntry.RegularFile old
          && old.size() <= LARGEST) {
        files.add(new GivenFile(i + ".b", () -> contents.before(change)));
      }
    }
    files.add(new GivenFile("list", () -> list.toString().getBytes(StandardCharsets.UTF_8)));
    files.add(new GivenFile("parse.py", () -> resource("parse.py")));
    files.add(new GivenFile("parse.js", () -> resource("parse.js")));
    return new ParserBox.Job(ARGV, TIMEOUT, files, MOST_OUTPUT);
  }

  private void judge(
      List<Source> sources,
      ParserBox.Printed printed,
      Contents contents,
      Findings findings,
      Map<String, List<RelativePath>> unparsed) {
    Map<Integer, ParserAnswer> answers = ParserAnswer.read(printed.output());
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      ParserAnswer answer = answers.get(i);
      if (answer == null) {
        String why = printed.reason().isEmpty() ? "gave no answer for it" : printed.reason();
        unchecked(source.path(), "was not parsed: the syntax box " + why, findings);
        continue;
      }
      switch (answer.kind()) {
        case OK -> {}
        case NONE ->
            unparsed
                .computeIfAbsent(source.language().shown(), _ -> new ArrayList<>())
                .add(source.path());
        case LATE -> unchecked(source.path(), "was not parsed in the time there is", findings);
        case DIED -> unchecked(source.path(), "ended its parser", findings);
        case BAD, ODD, GRAMMAR, OLD -> wrong(source, answer, contents, findings);
      }
    }
  }

  private void wrong(Source source, ParserAnswer answer, Contents contents, Findings findings) {
    Severity severity = severity(source, answer, contents);
    boolean grammar = answer.kind() == ParserAnswer.Kind.GRAMMAR;
    String column = answer.column() > 0 ? " (column " + answer.column() + ")" : "";
    String before = answer.kind() == ParserAnswer.Kind.OLD ? ", as it was before" : "";
    findings.add(
        "syntax." + source.language().shown(),
        severity,
        source.path(),
        answer.line(),
        answer.message() + column + before + (grammar ? ", says a grammar of the language" : ""));
  }

  /** Rejects only where the language's own parser is sure, and the file is meant to be right. */
  private Severity severity(Source source, ParserAnswer answer, Contents contents) {
    boolean wasThere = source.change().before().isPresent();
    if (answer.kind() == ParserAnswer.Kind.OLD
        || (answer.kind() == ParserAnswer.Kind.GRAMMAR && source.language().soft() && !wasThere)) {
      return Severity.INFO;
    }
    if (answer.kind() != ParserAnswer.Kind.BAD
        || MeantBroken.is(source.path(), tests)
        || MeantBroken.isTemplate(
            new String(contents.after(source.change()), StandardCharsets.UTF_8))) {
      return Severity.REVIEW;
    }
    return Severity.REJECT;
  }

  private static void unchecked(RelativePath path, String why, Findings findings) {
    findings.add("syntax.unchecked", Severity.REVIEW, path, 0, why);
  }

  /** One finding a language: an image without a parser is no property of the change. */
  private static void none(String language, List<RelativePath> paths, Findings findings) {
    String more = paths.size() > 1 ? ", and " + (paths.size() - 1) + " more like it" : "";
    findings.add(
        "syntax.unchecked",
        Severity.INFO,
        paths.getFirst(),
        0,
        "was not parsed: the image has no parser for " + language + more);
  }

  private static byte[] resource(String name) {
    try (InputStream in = BoxedSyntax.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
