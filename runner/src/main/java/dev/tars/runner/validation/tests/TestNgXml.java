package dev.tars.runner.validation.tests;

import static dev.tars.runner.validation.tests.XmlReport.attribute;
import static dev.tars.runner.validation.tests.XmlReport.number;

import java.io.IOException;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** {@code testng-results.xml}, as TestNG writes it beside surefire's reports or alone. */
final class TestNgXml {
  private final InventoryBuilder into;
  private String classname = "";

  TestNgXml(InventoryBuilder into) {
    this.into = into;
  }

  /** Reads on from the root element, which has begun. */
  void document(XMLStreamReader xml) throws XMLStreamException, IOException {
    int declared = number(xml, "failed");
    int red = 0;
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT) {
        switch (xml.getLocalName()) {
          case "class" -> classname = attribute(xml, "name");
          case "test-method" -> red += method(xml) ? 1 : 0;
          default -> {}
        }
      }
    }
    for (int i = red; i < Math.min(declared, 1_000); i++) {
      into.add(TestEntry.of(TestName.outside("testng-results"), TestStatus.ERROR));
    }
  }

  /** Adds a test, or a method that prepares tests if it is red; true if it is. */
  private boolean method(XMLStreamReader xml) throws XMLStreamException, IOException {
    String name = attribute(xml, "name");
    boolean config = attribute(xml, "is-config").equals("true");
    TestStatus status =
        switch (attribute(xml, "status")) {
          case "PASS" -> TestStatus.PASSED;
          case "SKIP" -> TestStatus.SKIPPED;
          default -> TestStatus.FAILED;
        };
    TestFailure failure = status.red() ? failure(xml) : TestFailure.NONE;
    if (!config) {
      into.add(new TestEntry(TestName.of(classname, "", name), status, false, failure));
    } else if (status.red()) {
      String suite = classname + "." + name;
      into.add(new TestEntry(TestName.outside(suite), TestStatus.ERROR, false, failure));
    }
    return status.red();
  }

  private static TestFailure failure(XMLStreamReader xml) throws XMLStreamException {
    String message = "";
    StringBuilder trace = new StringBuilder();
    String in = "";
    while (!(xml.next() == XMLStreamConstants.END_ELEMENT
        && xml.getLocalName().equals("test-method"))) {
      if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
        in = xml.getLocalName();
      } else if (xml.isCharacters() && trace.length() < TestFailure.LONGEST_TEXT) {
        message = in.equals("message") && message.isBlank() ? xml.getText() : message;
        trace.append(in.equals("full-stacktrace") ? xml.getText() : "");
      }
    }
    return new TestFailure(message.isBlank() ? trace.toString() : message, trace.toString());
  }
}
