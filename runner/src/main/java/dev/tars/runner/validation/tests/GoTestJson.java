package dev.tars.runner.validation.tests;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code go test -json} prints: one event a line. Lines that are no event are passed over, as
 * the go command writes some; {@code go help testflag} and {@code go doc test2json} say the rest.
 */
final class GoTestJson {
  static final String KIND = "go";
  private static final Pattern LOGGED = Pattern.compile("\\s+\\S+\\.go:\\d+: .*");

  /** Written as it is, and no event, before Go 1.24. */
  private static final Pattern UNBUILT =
      Pattern.compile("FAIL\\t(\\S{1,400}) \\[(?:build|setup) failed]");

  private static final JsonFactory JSON = new JsonFactory();

  private final InventoryBuilder into;
  private final Map<String, Test> tests = new LinkedHashMap<>();
  private final Map<String, Test> packages = new LinkedHashMap<>();

  private GoTestJson(InventoryBuilder into) {
    this.into = into;
  }

  /** A test, or a package, as far as its events were read. */
  private static final class Test {
    private String end = "";
    private boolean red;
    private boolean built = true;
    private final StringBuilder output = new StringBuilder();

    void print(String text) {
      boolean frame = text.startsWith("=== ") || text.strip().startsWith("--- ");
      if (!frame && output.length() < TestFailure.LONGEST_TEXT) {
        output.append(text);
      }
      built &= !text.contains("[build failed]") && !text.contains("[setup failed]");
    }

    /** What was logged first, or the panic; all of the output is the text. */
    TestFailure failure(String otherwise) {
      String text = output.toString();
      String message = otherwise;
      for (String line : text.lines().toList()) {
        Matcher logged = LOGGED.matcher(line);
        if (logged.matches() || line.startsWith("panic: ")) {
          message = line.strip();
          break;
        }
      }
      return new TestFailure(message, text);
    }
  }

  /** Adds the tests of one stream, or throws and may have added some of them. */
  static void read(InputStream in, InventoryBuilder into) throws IOException {
    GoTestJson report = new GoTestJson(into);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
    for (String line = Lines.next(lines); line != null; line = Lines.next(lines)) {
      Matcher unbuilt = UNBUILT.matcher(line);
      if (line.startsWith("{")) {
        report.event(line);
      } else if (unbuilt.matches()) {
        Test module = report.packages.computeIfAbsent(unbuilt.group(1), p -> new Test());
        module.end = "fail";
        module.built = false;
      }
    }
    report.end();
  }

  private void event(String line) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken().isScalarValue()) {
          fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
    }
    String of = fields.getOrDefault("Package", fields.getOrDefault("ImportPath", ""));
    String name = fields.getOrDefault("Test", "");
    Test test =
        name.isEmpty()
            ? packages.computeIfAbsent(of, p -> new Test())
            : tests.computeIfAbsent(TestName.of(of, "", name), n -> new Test());
    switch (fields.getOrDefault("Action", "")) {
      case "output", "build-output" -> test.print(fields.getOrDefault("Output", ""));
      case "pass", "skip", "fail" -> {
        test.end = fields.getOrDefault("Action", "");
        if (test.end.equals("fail") && !name.isEmpty()) {
          packages.computeIfAbsent(of, p -> new Test()).red = true;
        }
        test.built &= !fields.containsKey("FailedBuild");
      }
      case "build-fail" -> {
        test.end = "fail";
        test.built = false;
      }
      default -> {}
    }
  }

  private void end() throws IOException {
    for (Map.Entry<String, Test> entry : tests.entrySet()) {
      Test test = entry.getValue();
      TestStatus status =
          switch (test.end) {
            case "pass" -> TestStatus.PASSED;
            case "skip" -> TestStatus.SKIPPED;
            case "fail" -> TestStatus.FAILED;
            default -> TestStatus.ERROR; // it began, and its process ended before it did
          };
      TestFailure failure =
          status.red()
              ? test.failure(test.end.isEmpty() ? "it did not end" : "")
              : TestFailure.NONE;
      into.add(new TestEntry(entry.getKey(), status, false, failure));
    }
    for (Map.Entry<String, Test> entry : packages.entrySet()) {
      Test test = entry.getValue();
      if (test.end.equals("fail") && (!test.built || !test.red)) {
        String name =
            test.built ? TestName.outside(entry.getKey()) : TestName.notLoaded(entry.getKey());
        into.add(
            new TestEntry(name, TestStatus.ERROR, false, test.failure(test.output.toString())));
      }
    }
  }
}
