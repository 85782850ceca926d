package dev.tars.runner.report;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.tests.TestFailure;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * JUnit XML for a CI system: a suite of gates and rejections, and a suite for each test gate with
 * every test as it ended after the change.
 */
public final class JUnitReport {
  private final XMLStreamWriter xml;

  private JUnitReport(XMLStreamWriter xml) {
    this.xml = xml;
  }

  public static String write(RunReport report) {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
      new JUnitReport(xml).document(report);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    return out.toString();
  }

  private void document(RunReport report) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeStartElement("testsuites");
    attribute("name", report.facts().contextId() + " " + report.facts().improvementId());
    List<GateResult> gates = report.verdict().map(Verdict::gates).orElse(List.of());
    List<Finding> rejections =
        report.verdict().map(Verdict::findings).orElse(List.of()).stream()
            .filter(finding -> finding.severity() == Severity.REJECT)
            .toList();
    long failed = gates.stream().filter(g -> g.code().isPresent()).count() + rejections.size();
    long skipped = gates.stream().filter(g -> g.result() == GateResult.Result.SKIPPED).count();
    suite("gates", gates.size() + rejections.size(), failed, skipped);
    for (GateResult gate : gates) {
      gate(gate);
    }
    for (Finding finding : rejections) {
      start("checks", finding.rule() + " " + finding.path());
      failure(finding.message(), "");
      xml.writeEndElement();
    }
    xml.writeEndElement();
    for (Map.Entry<String, TestInventory> entry : report.tests().entrySet()) {
      Set<String> before =
          gates.stream()
              .filter(gate -> gate.id().equals(entry.getKey()))
              .flatMap(gate -> gate.tests().stream())
              .flatMap(tests -> tests.stillFailing().stream())
              .collect(Collectors.toSet());
      tests(entry.getKey(), entry.getValue(), before);
    }
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void gate(GateResult gate) throws XMLStreamException {
    start("gates", gate.id());
    attribute("time", String.format(Locale.ROOT, "%.3f", gate.elapsed().toMillis() / 1000.0));
    if (gate.code().isPresent()) {
      failure(gate.reason(), problems(gate) + gate.tail());
    } else if (gate.result() == GateResult.Result.SKIPPED) {
      xml.writeEmptyElement("skipped");
      attribute("message", gate.reason());
    }
    xml.writeEndElement();
  }

  private static String problems(GateResult gate) {
    StringBuilder text = new StringBuilder();
    gate.details()
        .printed()
        .forEach(p -> text.append(p.place()).append(": ").append(p.message()).append('\n'));
    return text.isEmpty() ? "" : "Problems, as printed:\n" + text + "\nLast output:\n";
  }

  /**
   * @param redBefore names, escaped, of tests that are red for no reason of the change
   */
  private void tests(String gate, TestInventory inventory, Set<String> redBefore)
      throws XMLStreamException {
    suite(gate, inventory.tests().size(), inventory.red(), inventory.count(TestStatus.SKIPPED));
    for (Map.Entry<String, TestStatus> test : inventory.tests().entrySet()) {
      int hash = test.getKey().indexOf('#');
      start(test.getKey().substring(0, Math.max(0, hash)), test.getKey().substring(hash + 1));
      switch (test.getValue()) {
        case PASSED -> {}
        case SKIPPED -> xml.writeEmptyElement("skipped");
        case FAILED, ERROR -> {
          TestFailure why = inventory.failure(test.getKey());
          String message =
              why.message().isEmpty()
                  ? test.getValue().name().toLowerCase(Locale.ROOT)
                  : why.message();
          boolean before = redBefore.contains(Escape.line(test.getKey()));
          failure(before ? "red before the change too: " + message : message, why.text());
        }
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private void suite(String name, long tests, long failures, long skipped)
      throws XMLStreamException {
    xml.writeStartElement("testsuite");
    attribute("name", name);
    attribute("tests", Long.toString(tests));
    attribute("failures", Long.toString(failures));
    attribute("errors", "0");
    attribute("skipped", Long.toString(skipped));
  }

  private void start(String classname, String name) throws XMLStreamException {
    xml.writeStartElement("testcase");
    attribute("classname", classname);
    attribute("name", name);
  }

  private void failure(String message, String text) throws XMLStreamException {
    xml.writeStartElement("failure");
    attribute("message", message);
    xml.writeCharacters(Escape.block(text));
    xml.writeEndElement();
  }

  /** Escaped first: XML 1.0 has no way to write most control characters. */
  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, Escape.line(value));
  }
}
