package dev.tars.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * Version and commit as the build wrote them, and what it runs on: what a report of a fault needs.
 */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      // the lines below say what is known without it
    }
    return new String[] {
      "tarscli " + known(build, "version") + " (commit " + known(build, "commit") + ")",
      "Java "
          + Runtime.version()
          + ", "
          + property("os.name")
          + " "
          + property("os.version")
          + " "
          + property("os.arch")
    };
  }

  private static String known(Properties build, String name) {
    String value = build.getProperty(name, "");
    return value.isEmpty() || value.startsWith("$") ? "unknown" : value;
  }

  private static String property(String name) {
    return System.getProperty(name, "");
  }
}
