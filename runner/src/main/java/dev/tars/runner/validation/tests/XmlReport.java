package dev.tars.runner.validation.tests;

import dev.tars.runner.validation.xml.SafeXml;
import dev.tars.runner.validation.xml.XmlLimits;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** A report in XML; its root element says of which kind. */
final class XmlReport {
  static final String JUNIT = "junit";
  static final String TESTNG = "testng";

  private XmlReport() {}

  /** Adds the tests of one report, or throws and may have added some of them. */
  static void read(InputStream in, String file, InventoryBuilder into)
      throws XMLStreamException, IOException {
    XMLStreamReader xml = SafeXml.open(in, XmlLimits.REPORT);
    try {
      while (xml.next() != XMLStreamConstants.START_ELEMENT) {
        if (xml.getEventType() == XMLStreamConstants.DTD) {
          throw new XMLStreamException("it has a document type declaration, which is refused");
        }
      }
      switch (xml.getLocalName()) {
        case "testsuites", "testsuite" -> {
          into.begin(JUNIT, file);
          new JUnitXml(into).document(xml);
        }
        case "testng-results" -> {
          into.begin(TESTNG, file);
          new TestNgXml(into).document(xml);
        }
        default ->
            throw new XMLStreamException("its root element is not one of a report that is known");
      }
    } finally {
      xml.close();
    }
  }

  static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }

  /** A number of an attribute; 0 if it has none. */
  static int number(XMLStreamReader xml, String name) {
    try {
      return Math.clamp(Long.parseLong(attribute(xml, name)), 0, 1 << 20);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
