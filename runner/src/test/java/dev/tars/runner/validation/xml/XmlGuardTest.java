package dev.tars.runner.validation.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.Random;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;

class XmlGuardTest {

  @Test
  void theParserNeverHoldsALongSection() throws XMLStreamException {
    String text = "output with ] and > and -- \n".repeat(40_000);
    String xml = "<a><![CDATA[" + text + "]]><!--" + text.replace("-", "=") + "--></a>";
    assertThat(longestEvent(SafeXml.open(in(xml), XmlLimits.REPORT))).isLessThan(40_000);
    // Positive control: without the guard it is one piece.
    XMLInputFactory plain = XMLInputFactory.newDefaultFactory();
    assertThat(longestEvent(plain.createXMLStreamReader(new StringReader(xml))))
        .isGreaterThan(1_000_000);
  }

  @Test
  void splittingASectionChangesNoText() throws XMLStreamException {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 40_000; i++) {
        text.append("]]]>-ab\n".charAt(random.nextInt(8)));
      }
      String content = text.toString().replaceAll("]]+>", ">");
      XMLStreamReader xml =
          SafeXml.open(in("<a><![CDATA[" + content + "]]></a>"), XmlLimits.REPORT);
      xml.next();
      assertThat(xml.getElementText()).isEqualTo(content);
    }
  }

  @Test
  void whatOpensASectionDoesNotCloseIt() throws XMLStreamException {
    XMLStreamReader xml = SafeXml.open(in("<a><!--> <b> --><c/></a>"), XmlLimits.REPORT);
    StringBuilder names = new StringBuilder();
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT) {
        names.append(xml.getLocalName());
      }
    }
    assertThat(names.toString()).isEqualTo("ac");
  }

  @Test
  void aLongTagIsRefusedWhereverItsQuotesAre() {
    for (String quote : new String[] {"'", "\""}) {
      String xml = "<a b=" + quote + "> ".repeat(1 << 20) + quote + "/>";
      assertThatThrownBy(() -> drain(SafeXml.open(in(xml), XmlLimits.REPORT)))
          .hasMessageContaining("longer than");
    }
  }

  @Test
  void aDeclarationAfterAByteOrderMarkOrCommentIsStillSeen() {
    for (String xml :
        new String[] {
          "\ufeff<!DOCTYPE a><a/>",
          "<!-- x --><!DOCTYPE a><a/>",
          "<?xml version='1.0'?>\n<!DOCTYPE a><a/>"
        }) {
      assertThatThrownBy(() -> drain(SafeXml.open(in(xml), XmlLimits.REPORT)))
          .hasMessageContaining("document type");
    }
  }

  private static int longestEvent(XMLStreamReader xml) throws XMLStreamException {
    int longest = 0;
    while (xml.hasNext()) {
      xml.next();
      longest = Math.max(longest, xml.hasText() ? xml.getTextLength() : 0);
    }
    return longest;
  }

  private static void drain(XMLStreamReader xml) throws XMLStreamException {
    while (xml.hasNext()) {
      xml.next();
    }
  }

  private static ByteArrayInputStream in(String xml) {
    return new ByteArrayInputStream(xml.getBytes(UTF_8));
  }
}
