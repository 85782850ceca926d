package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1.1 response of the engine; its body is read as it comes. */
final class HttpResponse implements DockerHttpClient.Response {
  private static final int MAX_LINE = 1 << 16;
  private static final int MAX_HEADERS = 200;

  private final int status;
  private final Map<String, List<String>> headers;
  private final InputStream body;
  private final Closeable connection;

  private HttpResponse(
      int status, Map<String, List<String>> headers, InputStream body, Closeable connection) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.connection = connection;
  }

  static HttpResponse read(InputStream raw, Closeable connection) throws IOException {
    InputStream in = new BufferedInputStream(raw, 1 << 15);
    String statusLine = line(in);
    String[] parts = statusLine.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[0-9]{3}")) {
      throw new IOException("not an HTTP response");
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    int lines = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon <= 0 || ++lines > MAX_HEADERS) {
        throw new IOException("malformed header in the engine's response");
      }
      headers
          .computeIfAbsent(line.substring(0, colon).strip(), k -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new HttpResponse(
        Integer.parseInt(parts[1]),
        headers,
        body(in, headers, Integer.parseInt(parts[1])),
        connection);
  }

  private static InputStream body(InputStream in, Map<String, List<String>> headers, int status) {
    if (status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    String encoding = first(headers, "Transfer-Encoding").toLowerCase(Locale.ROOT);
    if (encoding.contains("chunked")) {
      return new Chunked(in);
    }
    String length = first(headers, "Content-Length");
    return length.matches("[0-9]{1,18}") ? new Limited(in, Long.parseLong(length)) : in;
  }

  private static String first(Map<String, List<String>> headers, String name) {
    List<String> values = headers.get(name);
    return values == null ? "" : values.getFirst();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the engine closed the connection");
      }
      if (line.size() > MAX_LINE) {
        throw new IOException("a line of the engine's response is too long");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public int getStatusCode() {
    return status;
  }

  @Override
  public Map<String, List<String>> getHeaders() {
    return headers;
  }

  @Override
  public InputStream getBody() {
    return body;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      // Nothing is left to be read from it.
    }
  }

  private static final class Limited extends InputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int n = in.read(into, offset, (int) Math.min(left, length));
      if (n < 0) {
        throw new EOFException("the engine closed the connection in the middle of a response");
      }
      left -= n;
      return n;
    }
  }

  private static final class Chunked extends InputStream {
    private final InputStream in;
    private long left;
    private boolean started;
    private boolean ended;

    Chunked(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0 && !ended) {
        next();
      }
      if (ended) {
        return -1;
      }
      int n = in.read(into, offset, (int) Math.min(left, length));
      if (n < 0) {
        throw new EOFException("the engine closed the connection in the middle of a response");
      }
      left -= n;
      return n;
    }

    private void next() throws IOException {
      if (started && !line(in).isEmpty()) {
        throw new IOException("malformed chunk in the engine's response");
      }
      started = true;
      String size = line(in).replaceAll(";.*", "").strip();
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw new IOException("malformed chunk size in the engine's response");
      }
      left = Long.parseLong(size, 16);
      ended = left == 0;
    }
  }
}
