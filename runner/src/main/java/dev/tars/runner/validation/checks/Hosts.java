package dev.tars.runner.validation.checks;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hosts that a text names in addresses. */
final class Hosts {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:https?|git|ssh|ftp|git\\+https?|git\\+ssh|hg|svn)\\\\?:\\\\?/\\\\?/(?:[^/\\s@\"'<>]{1,200}@)?([A-Za-z0-9.\\-\\[\\]:]{1,253})"
              + "|\\bgit@([A-Za-z0-9.-]{1,253}):");

  private Hosts() {}

  /** Lower case, without user and port. */
  static Set<String> in(String text) {
    Set<String> hosts = new TreeSet<>();
    Matcher m = ADDRESS.matcher(text);
    while (m.find()) {
      String host = m.group(1) == null ? m.group(2) : m.group(1);
      hosts.add(host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", ""));
    }
    return hosts;
  }
}
