package dev.tars.runner.validation.checks;

import dev.tars.runner.validation.xml.SafeXml;
import dev.tars.runner.validation.xml.XmlLimits;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What a {@code pom.xml} says that decides which code runs in a build and where it comes from: one
 * sentence each, with the line. Two of these compared are a semantic difference.
 */
final class PomFacts {
  private static final Set<String> BLOCKS =
      Set.of(
          "plugin",
          "extension",
          "repository",
          "pluginRepository",
          "parent",
          "dependency",
          "execution");

  private static final Set<String> SWITCHES =
      Set.of(
          "skip",
          "skiptests",
          "skipits",
          "maven.test.skip",
          "testfailureignore",
          "maven.test.failure.ignore",
          "failifnotests",
          "skipexec",
          "argline",
          "test",
          "groups",
          "excludedgroups",
          "includes",
          "excludes",
          "include",
          "exclude",
          "systempath",
          "generatebackuppoms");

  /** An element that is open: its children's texts, and where it began. */
  private record Open(String name, int line, Map<String, String> children, StringBuilder text) {}

  private final Map<String, Integer> facts = new LinkedHashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();

  private PomFacts() {}

  /** Fact to line; empty if the bytes are not XML, which the syntax check says. */
  static Map<String, Integer> of(byte[] pom) {
    PomFacts reader = new PomFacts();
    try {
      reader.read(SafeXml.open(new ByteArrayInputStream(pom), XmlLimits.SOURCE));
      return reader.facts;
    } catch (XMLStreamException e) {
      return Map.of();
    }
  }

  private void read(XMLStreamReader xml) throws XMLStreamException {
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT ->
            open.push(
                new Open(
                    xml.getLocalName(),
                    xml.getLocation().getLineNumber(),
                    new LinkedHashMap<>(),
                    new StringBuilder()));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          Open top = open.peek();
          if (top != null && top.text().length() < 2000) {
            top.text().append(xml.getText());
          }
        }
        case XMLStreamConstants.END_ELEMENT -> close(open.pop());
        default -> {}
      }
    }
  }

  private void close(Open element) {
    String value = element.text().toString().strip();
    Open parent = open.peek();
    if (parent != null && element.children().isEmpty()) {
      parent.children().put(element.name(), value);
    }
    String name = element.name();
    if (SWITCHES.contains(name.toLowerCase(java.util.Locale.ROOT)) && !value.isEmpty()) {
      put("sets " + name + " to " + value, element);
    } else if (parent != null && parent.name().equals("properties")) {
      // A version or an address may be a property.
      put("sets the property " + name + " to " + value, element);
    } else if (BLOCKS.contains(name)) {
      block(element);
    } else if (name.equals("goal") || name.equals("phase")) {
      put("runs " + name + " " + value + plugin(), element);
    } else if (name.equals("path")
        && parent != null
        && parent.name().equals("annotationProcessorPaths")) {
      put("runs the annotation processor " + coordinates(element), element);
    }
  }

  private void block(Open element) {
    switch (element.name()) {
      case "plugin" -> put("uses the plugin " + coordinates(element), element);
      case "extension" -> put("loads the extension " + coordinates(element), element);
      case "dependency" -> put("depends on " + coordinates(element), element);
      case "parent" -> put("inherits from " + coordinates(element), element);
      case "repository", "pluginRepository" ->
          put(
              "fetches from the "
                  + element.name()
                  + " "
                  + element.children().getOrDefault("url", ""),
              element);
      default -> {}
    }
  }

  private String plugin() {
    return open.stream()
        .filter(e -> e.name().equals("plugin"))
        .findFirst()
        .map(e -> " in " + coordinates(e))
        .orElse("");
  }

  private static String coordinates(Open element) {
    Map<String, String> c = element.children();
    String group =
        c.getOrDefault(
            "groupId", element.name().equals("plugin") ? "org.apache.maven.plugins" : "?");
    return group
        + ":"
        + c.getOrDefault("artifactId", "?")
        + (c.containsKey("version") ? ":" + c.get("version") : "");
  }

  private void put(String fact, Open element) {
    facts.putIfAbsent(fact, element.line());
  }
}
