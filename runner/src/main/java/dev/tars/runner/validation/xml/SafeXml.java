package dev.tars.runner.validation.xml;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLResolver;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Opens XML that nobody vouches for. The parser gets characters, so it decides no encoding. */
public final class SafeXml {
  private static final Pattern DECLARED =
      Pattern.compile(
          "^<\\?xml[^>]{0,100}?encoding\\s{0,9}=\\s{0,9}[\"']([A-Za-z0-9._-]{1,40})[\"']");

  private SafeXml() {}

  /**
   * A pull parser without DTD, entities and external access.
   *
   * @throws XMLStreamException here or while reading, if the document is not well formed, beyond a
   *     limit, or uses what is refused; the message is safe to show after escaping
   */
  public static XMLStreamReader open(InputStream in, XmlLimits limits) throws XMLStreamException {
    try {
      BufferedInputStream bytes = new BufferedInputStream(new Capped(in, limits.bytes()), 8192);
      Charset charset = charset(bytes);
      InputStreamReader text =
          new InputStreamReader(
              bytes,
              charset
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .onUnmappableCharacter(CodingErrorAction.REPORT));
      return factory(limits).createXMLStreamReader(new XmlGuard(text, limits));
    } catch (IOException e) {
      throw new XMLStreamException(e.getMessage(), e);
    }
  }

  private static XMLInputFactory factory(XmlLimits limits) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    factory.setProperty("jdk.xml.maxElementDepth", Integer.toString(limits.depth()));
    // Not even a refused name is looked up: nothing, for every entity.
    factory.setXMLResolver((XMLResolver) (pub, sys, base, ns) -> InputStream.nullInputStream());
    return factory;
  }

  private static Charset charset(BufferedInputStream in) throws IOException {
    in.mark(256);
    byte[] head = in.readNBytes(200);
    in.reset();
    if (starts(head, 0xEF, 0xBB, 0xBF)) {
      in.skipNBytes(3);
      return StandardCharsets.UTF_8;
    }
    if (starts(head, 0xFE, 0xFF)) {
      in.skipNBytes(2);
      return StandardCharsets.UTF_16BE;
    }
    if (starts(head, 0xFF, 0xFE)) {
      in.skipNBytes(2);
      return StandardCharsets.UTF_16LE;
    }
    Matcher declared = DECLARED.matcher(new String(head, StandardCharsets.ISO_8859_1));
    if (!declared.find()) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(declared.group(1));
    } catch (IllegalArgumentException e) {
      throw new IOException("its encoding " + declared.group(1) + " is unknown", e);
    }
  }

  private static boolean starts(byte[] head, int... bom) {
    for (int i = 0; i < bom.length; i++) {
      if (i >= head.length || (head[i] & 0xff) != bom[i]) {
        return false;
      }
    }
    return true;
  }

  /** Fails, rather than ends, when there is more than the limit: half a report is no report. */
  private static final class Capped extends FilterInputStream {
    private final long limit;
    private long left;

    Capped(InputStream in, long limit) {
      super(in);
      this.limit = limit;
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      int n = in.read(buffer, offset, count);
      left -= Math.max(n, 0);
      if (left < 0) {
        throw new IOException("it has more than " + limit + " bytes");
      }
      return n;
    }
  }
}
