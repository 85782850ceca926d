package dev.tars.runner.sandbox;

import java.util.Map;
import java.util.TreeMap;

/**
 * Variables by which the usual tools find the gateway. They open nothing: without them a tool finds
 * no network at all.
 */
final class ProxyEnvironment {
  private static final String GATEWAY = "http://127.0.0.1:3128";
  private static final String LOCAL = "localhost,127.0.0.1,::1";

  /** Maven, Gradle and other Java programs read no variable but this one. */
  private static final String JAVA =
      "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=3128"
          + " -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=3128"
          + " -Dhttp.nonProxyHosts=localhost|127.*|[::1]";

  private ProxyEnvironment() {}

  /** The variables, with those of the command on top. */
  static Map<String, String> under(Map<String, String> command) {
    Map<String, String> variables = new TreeMap<>();
    for (String name : new String[] {"HTTP_PROXY", "HTTPS_PROXY"}) {
      variables.put(name, GATEWAY);
      variables.put(name.toLowerCase(java.util.Locale.ROOT), GATEWAY);
    }
    variables.put("NO_PROXY", LOCAL);
    variables.put("no_proxy", LOCAL);
    variables.put("NODE_USE_ENV_PROXY", "1");
    variables.put("JAVA_TOOL_OPTIONS", JAVA);
    variables.putAll(command);
    return variables;
  }
}
