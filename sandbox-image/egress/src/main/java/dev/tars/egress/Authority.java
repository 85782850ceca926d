package dev.tars.egress;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host and port as a request names them. The host is still the client's spelling; only the policy's
 * evaluator reads it.
 *
 * @param host a name, an address, or an IPv6 address in brackets
 */
record Authority(String host, int port) {
  private static final int LONGEST = 300;
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:/?#@%\\\\\\s\\p{Cntrl}]+):([1-9][0-9]{0,4})");

  /** Reads {@code host:port}; empty for anything else, also for a port that does not exist. */
  static Optional<Authority> parse(String text) {
    if (text.length() > LONGEST || text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || matcher.group(1).endsWith(".")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(2));
    return port > 65_535 ? Optional.empty() : Optional.of(new Authority(matcher.group(1), port));
  }

  /** True for the same host in any case, and the same port. */
  boolean sameAs(Authority other) {
    return host.equalsIgnoreCase(other.host) && port == other.port;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
