package dev.tars.runner.validation.checks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A line that a file has now and did not have before, numbered from 1. */
record AddedLine(int number, String text) {

  /**
   * Lines of {@code after} that are not in {@code before}, counted: a line that only moved was not
   * added. Linear, whatever the input is, which a real difference is not.
   */
  static List<AddedLine> between(String before, String after) {
    Map<String, Integer> old = new HashMap<>();
    before.lines().forEach(line -> old.merge(line, 1, Integer::sum));
    List<AddedLine> added = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) after.lines()::iterator) {
      number++;
      Integer left = old.get(line);
      if (left == null) {
        added.add(new AddedLine(number, line));
      } else if (left == 1) {
        old.remove(line);
      } else {
        old.put(line, left - 1);
      }
    }
    return added;
  }
}
