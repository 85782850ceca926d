package dev.tars.runner.validation.checks;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tars.runner.validation.xml.SafeXml;
import dev.tars.runner.validation.xml.XmlLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** What stands at a place of a configuration file, without layout and comments. */
final class ConfigValues {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(200).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ConfigValues() {}

  /** Empty if it is no JSON. */
  static Optional<List<String>> json(byte[] bytes, List<String> pointer) {
    try {
      JsonNode at = JSON.readTree(bytes);
      for (String name : pointer) {
        at =
            at.isArray() && name.matches("[0-9]{1,6}")
                ? at.path(Integer.parseInt(name))
                : at.path(name);
      }
      return Optional.of(at.isMissingNode() ? List.of() : List.of(at.toString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Empty if it is no XML that is accepted. The last name of the pointer may also be what a child
   * called {@code artifactId} or {@code id} says, for plugins without {@code maven-} and {@code
   * -plugin} around it.
   */
  static Optional<List<String>> xml(byte[] bytes, List<String> pointer) {
    try {
      Element top = parse(SafeXml.open(new ByteArrayInputStream(bytes), XmlLimits.SOURCE));
      List<Element> at = List.of(new Element("", List.of(top), "", Map.of()));
      for (String name : pointer) {
        List<Element> next = new ArrayList<>();
        at.forEach(e -> e.children().stream().filter(c -> c.isCalled(name)).forEach(next::add));
        at = next;
      }
      return Optional.of(at.stream().map(Element::toString).toList());
    } catch (XMLStreamException e) {
      return Optional.empty();
    }
  }

  private record Element(
      String name, List<Element> children, String text, Map<String, String> attributes) {
    boolean isCalled(String wanted) {
      if (name.equals(wanted)) {
        return true;
      }
      return children.stream()
          .filter(c -> c.name.equals("artifactId") || c.name.equals("id"))
          .map(Element::text)
          .anyMatch(id ->
              id.equals(wanted)
                  || id.equals("maven-" + wanted + "-plugin")
                  || id.equals(wanted + "-maven-plugin"));
    }
  }

  private static Element parse(XMLStreamReader in) throws XMLStreamException {
    while (in.hasNext()) {
      if (in.next() == XMLStreamConstants.START_ELEMENT) {
        Element top = element(in);
        while (in.hasNext()) {
          in.next(); // the rest must be well formed too
        }
        return top;
      }
    }
    throw new XMLStreamException("no element");
  }

  private static Element element(XMLStreamReader in) throws XMLStreamException {
    String name = in.getLocalName();
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 0; i < in.getAttributeCount(); i++) {
      attributes.put(in.getAttributeLocalName(i), in.getAttributeValue(i));
    }
    List<Element> children = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> children.add(element(in));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(in.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          return new Element(name, List.copyOf(children), text.toString().strip(), attributes);
        }
        default -> {}
      }
    }
  }
}
