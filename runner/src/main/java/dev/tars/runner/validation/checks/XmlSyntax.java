package dev.tars.runner.validation.checks;

import dev.tars.runner.validation.xml.SafeXml;
import dev.tars.runner.validation.xml.XmlLimits;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** XML: well formed, with its document type skipped and no entity resolved. */
final class XmlSyntax implements Syntax {
  @Override
  public Optional<Problem> problem(byte[] content) {
    try {
      XMLStreamReader xml = SafeXml.open(new ByteArrayInputStream(content), XmlLimits.SOURCE);
      boolean doctype = false;
      while (xml.hasNext()) {
        int event = xml.next();
        doctype |= event == XMLStreamConstants.DTD;
        if (event == XMLStreamConstants.ENTITY_REFERENCE && !doctype) {
          int line = xml.getLocation().getLineNumber();
          return Optional.of(
              new Problem(line, "nothing declares the entity " + xml.getLocalName()));
        }
      }
      return Optional.empty();
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNumber());
      String message = String.valueOf(e.getMessage());
      return Optional.of(new Problem(line, message.replaceFirst("(?s).*\\nMessage: ", "")));
    }
  }
}
