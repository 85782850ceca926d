package dev.tars.runner.validation.tests;

import static dev.tars.runner.validation.tests.XmlReport.attribute;
import static dev.tars.runner.validation.tests.XmlReport.number;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One JUnit XML report, as surefire, failsafe, Gradle, pytest, Node, Jest and GoogleTest write it.
 */
final class JUnitXml {
  private static final int MOST_OUTSIDE = 1_000;

  private final InventoryBuilder into;
  private final Deque<Suite> suites = new ArrayDeque<>();
  private boolean node;

  JUnitXml(InventoryBuilder into) {
    this.into = into;
  }

  /** A suite as far as it was read: failures that it declares, and those that it holds. */
  private static final class Suite {
    private final String name;
    private final boolean named;
    private final int declared;
    private int inTests;
    private int outside;

    Suite(XMLStreamReader xml, boolean root) {
      this.name = attribute(xml, "name");
      this.named = !root || xml.getLocalName().equals("testsuite");
      this.declared = number(xml, "failures") + number(xml, "errors");
    }
  }

  /** Reads on from the root element, which has begun. */
  void document(XMLStreamReader xml) throws XMLStreamException, IOException {
    node = xml.getLocalName().equals("testsuites") && xml.getAttributeCount() == 0;
    start(xml);
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> start(xml);
        case XMLStreamConstants.END_ELEMENT -> {
          if (xml.getLocalName().equals("testsuite") || xml.getLocalName().equals("testsuites")) {
            end();
          }
        }
        default -> {}
      }
    }
  }

  private void start(XMLStreamReader xml) throws XMLStreamException, IOException {
    switch (xml.getLocalName()) {
      case "testsuite", "testsuites" -> suites.addLast(new Suite(xml, suites.isEmpty()));
      case "testcase" -> testcase(xml);
      case "failure", "error" -> {
        suites.getLast().outside++;
        outside(1, failure(xml));
      }
      default -> {}
    }
  }

  /** A suite that declares more failures than are in it is red beyond what its tests show. */
  private void end() throws IOException {
    Suite suite = suites.getLast();
    int missing = Math.max(0, suite.declared - suite.inTests - suite.outside);
    outside(missing, TestFailure.NONE);
    suites.removeLast();
    if (!suites.isEmpty()) {
      suites.getLast().inTests += suite.inTests;
      suites.getLast().outside += suite.outside + missing;
    }
  }

  private void outside(int count, TestFailure failure) throws IOException {
    String name = TestName.outside(path().isEmpty() ? "the run" : path());
    for (int i = 0; i < Math.min(count, MOST_OUTSIDE); i++) {
      into.add(new TestEntry(name, TestStatus.ERROR, false, failure));
    }
  }

  private String path() {
    return suites.stream().filter(s -> s.named).map(s -> s.name).collect(Collectors.joining(" > "));
  }

  private void testcase(XMLStreamReader xml) throws XMLStreamException, IOException {
    String classname = attribute(xml, "classname");
    String given = attribute(xml, "name");
    String run = attribute(xml, "status");
    boolean notRun = run.equals("notrun") || run.equals("skipped") || run.equals("disabled");
    TestStatus status = notRun ? TestStatus.SKIPPED : TestStatus.PASSED;
    boolean passedOnRerun = false;
    boolean collection = false;
    TestFailure failure = TestFailure.NONE;
    while (xml.next() != XMLStreamConstants.END_ELEMENT) {
      if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
        String element = xml.getLocalName();
        if (element.equals("testcase")) {
          throw new XMLStreamException("it has a testcase inside a testcase");
        }
        TestStatus child = missing(xml) ? TestStatus.ERROR : statusOf(element);
        passedOnRerun |= element.startsWith("flaky");
        suites.getLast().inTests += child.red() || element.startsWith("flaky") ? 1 : 0;
        collection |= attribute(xml, "message").equals("collection failure");
        TestFailure said = failure(xml).without(classname + "::" + given);
        failure = child.red() && child.compareTo(status) > 0 ? said : failure;
        status = child.compareTo(status) > 0 ? child : status;
      }
    }
    String name = TestName.of(classname, path(), given);
    if (node && classname.equals("test")) {
      into.hidesHooks();
    }
    if (status.red()) {
      name = notLoaded(classname, given, collection).map(TestName::notLoaded).orElse(name);
    }
    into.add(new TestEntry(name, status, passedOnRerun && !status.red(), failure));
  }

  /** The element that has begun, to its end; what it holds is bounded by {@link TestFailure}. */
  private static TestFailure failure(XMLStreamReader xml) throws XMLStreamException {
    String message = attribute(xml, "message");
    String type = attribute(xml, "type");
    StringBuilder text = new StringBuilder();
    for (int level = 1; level > 0; ) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          level++;
          if (xml.getLocalName().equals("testcase")) {
            throw new XMLStreamException("it has a testcase inside a testcase");
          }
        }
        case XMLStreamConstants.END_ELEMENT -> level--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (text.length() < TestFailure.LONGEST_TEXT) {
            text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
          }
        }
        default -> {}
      }
    }
    String said = message.isBlank() ? text.toString() : message;
    return new TestFailure(said.isBlank() ? type : said, text.toString());
  }

  /**
   * What did not load, if a red entry stands for more than a test: surefire gives it a class and no
   * name, pytest no class and this message, Node the path of the file, Vitest the file for all.
   */
  private Optional<String> notLoaded(String classname, String name, boolean collection) {
    if (name.isEmpty() && !classname.isEmpty()) {
      return Optional.of(classname);
    }
    boolean file = classname.equals("test") && path().isEmpty() && name.startsWith("/");
    boolean vitest = !name.isEmpty() && name.equals(classname) && name.equals(path());
    return (collection && classname.isEmpty()) || file || vitest
        ? Optional.of(name)
        : Optional.empty();
  }

  /** A test that CTest could not start; it calls that skipped, and ends red for it. */
  private static boolean missing(XMLStreamReader xml) {
    return xml.getLocalName().equals("skipped")
        && attribute(xml, "message").startsWith("Unable to find ");
  }

  private static TestStatus statusOf(String element) {
    return switch (element) {
      case "failure", "rerunFailure" -> TestStatus.FAILED;
      case "error", "rerunError" -> TestStatus.ERROR;
      case "skipped" -> TestStatus.SKIPPED;
      default -> TestStatus.PASSED;
    };
  }
}
