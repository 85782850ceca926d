package dev.tars.runner.validation.tests;

import dev.tars.runner.validation.xml.SafeXml;
import dev.tars.runner.validation.xml.XmlLimits;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One JUnit XML report, as surefire, failsafe, Gradle, pytest, Node, Jest and GoogleTest write it.
 */
final class JUnitXml {
  private final InventoryBuilder into;
  private final Deque<String> suites = new ArrayDeque<>();
  private int depth;
  private int declaredRed;
  private int seenRed;

  private JUnitXml(InventoryBuilder into) {
    this.into = into;
  }

  /** Adds the tests of one report, or throws and may have added some of them. */
  static void read(InputStream in, InventoryBuilder into) throws XMLStreamException, IOException {
    XMLStreamReader xml = SafeXml.open(in, XmlLimits.REPORT);
    try {
      new JUnitXml(into).document(xml);
    } finally {
      xml.close();
    }
  }

  private void document(XMLStreamReader xml) throws XMLStreamException, IOException {
    String root = "";
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.DTD ->
            throw new XMLStreamException("it has a document type declaration, which is refused");
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          if (depth == 1) {
            root = xml.getLocalName();
            if (!root.equals("testsuites") && !root.equals("testsuite")) {
              throw new XMLStreamException("its root element is not testsuite or testsuites");
            }
          }
          start(xml);
        }
        case XMLStreamConstants.END_ELEMENT -> end(xml.getLocalName());
        default -> {}
      }
    }
    // A suite that says it is red but shows no red test (a class that did not even load) is red.
    if (declaredRed > 0 && seenRed == 0) {
      into.add(TestName.of("", root, "(failure outside of a test)"), TestStatus.ERROR, false);
    }
  }

  private void start(XMLStreamReader xml) throws XMLStreamException, IOException {
    switch (xml.getLocalName()) {
      case "testsuite", "testsuites" -> {
        declaredRed = Math.max(declaredRed, number(xml, "failures") + number(xml, "errors"));
        if (depth > 1 || xml.getLocalName().equals("testsuite")) {
          suites.addLast(attribute(xml, "name"));
        }
      }
      case "testcase" -> testcase(xml);
      default -> {}
    }
  }

  private void end(String element) {
    depth--;
    if (element.equals("testsuite") || (element.equals("testsuites") && depth > 0)) {
      suites.pollLast();
    }
  }

  private void testcase(XMLStreamReader xml) throws XMLStreamException, IOException {
    String classname = attribute(xml, "classname");
    String given = attribute(xml, "name");
    String name = TestName.of(classname, String.join(" > ", suites), given);
    String run = attribute(xml, "status");
    boolean notRun = run.equals("notrun") || run.equals("skipped") || run.equals("disabled");
    TestStatus status = notRun ? TestStatus.SKIPPED : TestStatus.PASSED;
    boolean passedOnRerun = false;
    boolean collection = false;
    int level = 1;
    while (level > 0) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT) {
        level--;
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        level++;
        if (level == 2) {
          TestStatus child = statusOf(xml.getLocalName());
          status = child.compareTo(status) > 0 ? child : status;
          passedOnRerun |= xml.getLocalName().startsWith("flaky");
          collection |= attribute(xml, "message").equals("collection failure");
        }
        if (xml.getLocalName().equals("testcase")) {
          throw new XMLStreamException("it has a testcase inside a testcase");
        }
      }
    }
    depth--;
    seenRed += status.red() ? 1 : 0;
    if (status.red()) {
      name = notLoaded(classname, given, collection).map(TestName::notLoaded).orElse(name);
    }
    into.add(name, status, passedOnRerun && !status.red());
  }

  /**
   * What did not load, if a red entry stands for more than a test: surefire gives it a class and no
   * name, pytest no class and this message, Node the path of the file.
   */
  private Optional<String> notLoaded(String classname, String name, boolean collection) {
    if (name.isEmpty() && !classname.isEmpty()) {
      return Optional.of(classname);
    }
    boolean file = classname.equals("test") && suites.isEmpty() && name.startsWith("/");
    return (collection && classname.isEmpty()) || file ? Optional.of(name) : Optional.empty();
  }

  private static TestStatus statusOf(String element) {
    return switch (element) {
      case "failure", "rerunFailure" -> TestStatus.FAILED;
      case "error", "rerunError" -> TestStatus.ERROR;
      case "skipped" -> TestStatus.SKIPPED;
      default -> TestStatus.PASSED;
    };
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }

  private static int number(XMLStreamReader xml, String name) {
    try {
      return Math.clamp(Long.parseLong(attribute(xml, name)), 0, 1 << 20);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
