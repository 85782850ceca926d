package dev.tars.egress;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.proxy.HttpProxyHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How connections are made and refusals are said.
 *
 * @param brief whether a refusal names its rule alone, without place and reason
 * @param upstream a proxy that others run, through which every connection goes
 */
record Manner(boolean brief, Optional<Upstream> upstream) {
  static final Manner DIRECT = new Manner(false, Optional.empty());

  /**
   * A proxy that others run. It resolves the names; what it reaches is its own affair.
   *
   * @param credentials {@code user:password}, or the empty string; never printed
   */
  record Upstream(String host, int port, String credentials) {

    /** Asks it for a connection by CONNECT. */
    HttpProxyHandler tunnel(InetSocketAddress at) {
      int colon = credentials.indexOf(':');
      return colon < 0
          ? new HttpProxyHandler(at)
          : new HttpProxyHandler(
              at, credentials.substring(0, colon), credentials.substring(colon + 1));
    }

    void authorize(HttpRequest request) {
      if (!credentials.isEmpty()) {
        String word =
            Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, "Basic " + word);
      }
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
