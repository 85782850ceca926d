package dev.tars.runner.validation.diagnostics;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place, and the message behind it: javac, Maven, Kotlin, TypeScript, Go, C, C++, Ruby, eslint in
 * its short form. What javac says of the symbol stands on the next lines.
 */
final class HeadedForms implements Forms {
  private static final Pattern BEFORE =
      Pattern.compile(
          "\\s*+(?:\\[ERROR] (?:COMPILATION ERROR : )?+|e: |error: |vet: |ERROR in |ERROR: |\\S{0,80}+ld: )?+");
  private static final Pattern HARMLESS =
      Pattern.compile(
          "(?:warning|note|info|remark|hint|help)\\b.*+|\\w*+Warning: .*+|in [`'][^'\\n]*+'|from .*+|in [\\w<>.]++",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SYMBOL =
      Pattern.compile("(?:\\[ERROR])?+ {2,8}+(symbol|location) ?+: ++(.{1,300}+)");
  private static final Pattern SEVERITY = Pattern.compile("(?:fatal )?error(?:: | (?=TS\\d))");
  private static final Found NOTHING = new Found(new Location("", 0, 0, ""), "");

  private Found open = NOTHING;

  @Override
  public void line(String line, Consumer<Found> found) {
    Matcher symbol = SYMBOL.matcher(line);
    if (!open.equals(NOTHING) && symbol.matches()) {
      String more = symbol.group(1).equals("symbol") ? ": " : " in ";
      open = new Found(open.location(), open.message() + more + symbol.group(2).strip());
      return;
    }
    Matcher before = BEFORE.matcher(line);
    int start = before.lookingAt() ? before.end() : 0;
    Location.at(line.substring(start)).ifPresent(at -> begun(at, found));
  }

  private void begun(Location at, Consumer<Found> found) {
    String message = at.rest().strip();
    if (at.isCall() || HARMLESS.matcher(message).matches()) {
      return;
    }
    end(found);
    Matcher severity = SEVERITY.matcher(message);
    boolean named = severity.lookingAt() && severity.end() < message.length();
    open = new Found(at, named ? message.substring(severity.end()) : message);
  }

  @Override
  public void end(Consumer<Found> found) {
    if (!open.equals(NOTHING)) {
      found.accept(open);
      open = NOTHING;
    }
  }
}
