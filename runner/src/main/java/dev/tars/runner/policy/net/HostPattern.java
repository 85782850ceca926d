package dev.tars.runner.policy.net;

import java.net.IDN;
import java.util.Locale;

/**
 * {@code api.x.org} exactly, {@code *.x.org} one label more, {@code **.x.org} one or more; never
 * the apex.
 *
 * @param labels how many labels may stand before {@code name}: 0, 1, or -1 for one or more
 */
public record HostPattern(String text, String name, int labels) {
  private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException with a reason fit for a person
   */
  public static HostPattern parse(String text) {
    int labels = text.startsWith("**.") ? -1 : text.startsWith("*.") ? 1 : 0;
    String name = text.substring(labels < 0 ? 3 : labels * 2);
    if (name.indexOf('*') >= 0) {
      throw new IllegalArgumentException("a star stands only before the first dot, alone");
    }
    if (IpAddress.parse(name).isPresent()) {
      throw new IllegalArgumentException("an address is no host name; put it below 'cidrs'");
    }
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "not a host name in lower case (names beyond ASCII in their xn-- form)");
    }
    if (labels != 0 && name.indexOf('.') < 0) {
      throw new IllegalArgumentException("a star before one label alone is far too wide");
    }
    return new HostPattern(text, name, labels);
  }

  /** In lower case, at least one letter in the last label, no dot at the end. */
  public static boolean isName(String name) {
    if (name.length() > 253 || !name.matches(LABEL + "(\\." + LABEL + ")*")) {
      return false;
    }
    String last = name.substring(name.lastIndexOf('.') + 1);
    return last.matches(".*[a-z].*") && !last.matches("0x[0-9a-f]*");
  }

  public boolean matches(String host) {
    if (labels == 0) {
      return host.equals(name);
    }
    if (!host.endsWith("." + name)) {
      return false;
    }
    String before = host.substring(0, host.length() - name.length() - 1);
    return !before.isEmpty() && (labels < 0 || before.indexOf('.') < 0);
  }

  /** True if every name that the other one matches is matched by this one. */
  public boolean covers(HostPattern other) {
    if (labels == 0) {
      return other.labels == 0 && other.name.equals(name);
    }
    if (other.labels == 0) {
      return matches(other.name);
    }
    boolean below = labels < 0 && other.name.endsWith("." + name);
    return below || (other.name.equals(name) && (labels < 0 || other.labels == 1));
  }

  /**
   * A host as it is asked for: in lower case, and in its {@code xn--} form if it goes beyond ASCII.
   * A dot at the end stays, and makes it no name: programs treat it in different ways.
   */
  public static String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    if (lower.chars().allMatch(c -> c < 0x80)) {
      return lower;
    }
    try {
      return IDN.toASCII(lower, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return lower; // which is no name
    }
  }
}
