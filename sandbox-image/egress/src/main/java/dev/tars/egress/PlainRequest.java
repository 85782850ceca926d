package dev.tars.egress;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One request in plain HTTP, as it goes out: written anew from what was understood, so that the
 * server cannot read another request into it. Its connection ends with the answer.
 *
 * @param length bytes of its body; no more are passed on
 */
record PlainRequest(HttpRequest message, long length) {
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?i)http://([^/?#]*)([/?][!-~&&[^#]]*)?");
  private static final int PORT = 80;

  /** What belongs to one connection, and what a server must not be told by a box. */
  private static final Set<String> OF_ONE_CONNECTION =
      Stream.of(
              HttpHeaderNames.CONNECTION,
              AsciiString.cached("proxy-connection"),
              HttpHeaderNames.PROXY_AUTHORIZATION,
              HttpHeaderNames.PROXY_AUTHENTICATE,
              AsciiString.cached("keep-alive"),
              HttpHeaderNames.TE,
              HttpHeaderNames.TRAILER,
              HttpHeaderNames.UPGRADE,
              HttpHeaderNames.EXPECT,
              HttpHeaderNames.HOST,
              HttpHeaderNames.CONTENT_LENGTH,
              AsciiString.cached("http2-settings"))
          .map(AsciiString::toString)
          .collect(Collectors.toSet());

  /** Why a request is none that can be passed on. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * Reads what a client sent.
   *
   * @throws Malformed with a reason fit for a person
   */
  static Asked read(HttpRequest request) throws Malformed {
    Matcher uri = ABSOLUTE.matcher(request.uri());
    if (!uri.matches()) {
      throw new Malformed("it names no http:// address; TLS is asked for by CONNECT");
    }
    Authority to = authority(uri.group(1));
    HttpHeaders headers = request.headers();
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      throw new Malformed("its body has no length that is known before (Transfer-Encoding)");
    }
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (hosts.size() > 1 || (hosts.isEmpty() && !old)) {
      throw new Malformed("it has no Host, or more than one");
    }
    if (!hosts.isEmpty() && !authority(hosts.getFirst()).sameAs(to)) {
      throw new Malformed("its Host is another than the one of its address");
    }
    String path = Optional.ofNullable(uri.group(2)).orElse("/");
    PlainRequest plain =
        new PlainRequest(
            rewritten(request, to, path.startsWith("?") ? "/" + path : path), length(headers));
    return new Asked(to, Optional.of(plain));
  }

  private static Authority authority(String text) throws Malformed {
    boolean bare = text.matches("[^:\\[\\]]+|\\[[0-9A-Fa-f:.]+]");
    return Authority.parse(bare ? text + ":" + PORT : text)
        .orElseThrow(() -> new Malformed("its address or its Host is none"));
  }

  private static long length(HttpHeaders headers) throws Malformed {
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (lengths.isEmpty()) {
      return 0;
    }
    if (lengths.size() > 1 || !lengths.getFirst().matches("0|[1-9][0-9]{0,14}")) {
      throw new Malformed("its Content-Length is no number, or there are several");
    }
    return Long.parseLong(lengths.getFirst());
  }

  private static HttpRequest rewritten(HttpRequest request, Authority to, String path)
      throws Malformed {
    HttpRequest out = new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), path);
    out.headers().set(HttpHeaderNames.HOST, to.port() == PORT ? to.host() : to.toString());
    out.headers().set(HttpHeaderNames.CONNECTION, "close");
    long length = length(request.headers());
    if (length > 0 || request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      out.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    Set<String> dropped = dropped(request.headers());
    request
        .headers()
        .forEach(header -> {
          if (!dropped.contains(header.getKey().toLowerCase(Locale.ROOT))) {
            out.headers().add(header.getKey(), header.getValue());
          }
        });
    return out;
  }

  private static Set<String> dropped(HttpHeaders headers) {
    Stream<String> named =
        headers.getAll(HttpHeaderNames.CONNECTION).stream()
            .flatMap(value -> Stream.of(value.split(",", -1)))
            .map(name -> name.strip().toLowerCase(Locale.ROOT));
    return Stream.concat(OF_ONE_CONNECTION.stream(), named).collect(Collectors.toSet());
  }

  /** As it goes to a server, or with its whole address to a proxy that others run. */
  FullHttpRequest outgoing(Optional<String> whole) {
    FullHttpRequest out =
        new DefaultFullHttpRequest(
            message.protocolVersion(),
            message.method(),
            whole.map(address -> address + message.uri()).orElse(message.uri()),
            Unpooled.EMPTY_BUFFER);
    out.headers().set(message.headers());
    return out;
  }
}
