package dev.tars.runner.validation.diagnostics;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a trace.
 *
 * @param lastIsInnermost the call that failed is the last of such a trace, as Python prints it
 */
record Frame(Location location, boolean lastIsInnermost) {
  private static final Pattern PYTHON =
      Pattern.compile("\\s*+File \"([^\"\\n]{1,500}+)\", line (\\d{1,7}+)");
  private static final Pattern JAVA =
      Pattern.compile(
          "\\s*+at (?:[\\w.@-]{1,80}+/{1,2}+)?+([\\w.$]{1,400}+)\\.[\\w$<>]{1,200}+"
              + "\\(([\\w$-]{1,200}+\\.[a-z]{1,10}+):(\\d{1,7}+)\\)");
  private static final Pattern SCRIPT =
      Pattern.compile(
          "\\s*+(?:at |❯ |[\\w.$<>]{0,100}+@)[^\\n(]{0,300}+\\(([^\\n)]{1,500}+)\\)\\s*+");
  private static final Pattern BARE =
      Pattern.compile("\\s*+(?:at (?:async )?+|❯ |# |from |--> |- )([^\\n(]{1,800}+)");
  private static final Pattern GO =
      Pattern.compile("\\s++([^\\n:]{1,500}+:\\d{1,7}+) \\+0x[0-9a-f]++");
  private static final Pattern ALONE = Pattern.compile("\\s*+([^\\s:][^:\\n]{0,500}+:\\d{1,7}+)");

  static Optional<Frame> of(String line) {
    Matcher python = PYTHON.matcher(line);
    if (python.lookingAt()) {
      return Optional.of(
          new Frame(new Location(python.group(1), Location.number(python.group(2)), 0, ""), true));
    }
    Matcher java = JAVA.matcher(line);
    if (java.lookingAt()) {
      String file = sourceOf(java.group(1), java.group(2));
      return Optional.of(
          new Frame(new Location(file, Location.number(java.group(3)), 0, ""), false));
    }
    for (Pattern form : new Pattern[] {SCRIPT, BARE, GO, ALONE}) {
      Matcher matcher = form.matcher(line);
      if (matcher.matches()) {
        Optional<Location> location = Location.at(matcher.group(1));
        if (location.isPresent()) {
          return location.map(at -> new Frame(at, false));
        }
      }
    }
    return Optional.empty();
  }

  /** A class is in the directory of its package, more often than not. */
  private static String sourceOf(String className, String file) {
    int end = className.lastIndexOf('.');
    return end < 0 ? file : className.substring(0, end).replace('.', '/') + "/" + file;
  }
}
