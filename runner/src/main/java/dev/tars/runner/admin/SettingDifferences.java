package dev.tars.runner.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The values that differ, thing by thing and part by part. */
final class SettingDifferences {
  private final PolicyTexts before;
  private final PolicyTexts after;

  SettingDifferences(PolicyTexts before, PolicyTexts after) {
    this.before = before;
    this.after = after;
  }

  List<Difference> all() {
    Map<String, Settings.Setting> old = new LinkedHashMap<>();
    Settings.of(before.policy()).forEach(s -> old.put(s.key(), s));
    List<Difference> found = new ArrayList<>();
    for (Settings.Setting is : Settings.of(after.policy())) {
      Optional.ofNullable(old.get(is.key())).ifPresent(was -> compare(was, is, found));
    }
    return found;
  }

  private void compare(Settings.Setting was, Settings.Setting is, List<Difference> into) {
    TreeSet<String> names = new TreeSet<>(was.items().keySet());
    names.addAll(is.items().keySet());
    for (String name : names) {
      Settings.Item a = was.items().get(name);
      Settings.Item b = is.items().get(name);
      String subject = was.key() + name;
      if (a == null && b != null) {
        add(b.presence().more(), subject, Difference.Side.NOTHING, b.shown(), into);
      } else if (a != null && b == null) {
        add(a.presence().less(), subject, a.shown(), Difference.Side.NOTHING, into);
      } else if (a != null && b != null) {
        parts(subject, a, b, into);
      }
    }
  }

  private void parts(String subject, Settings.Item a, Settings.Item b, List<Difference> into) {
    TreeSet<String> names = new TreeSet<>(a.parts().keySet());
    names.addAll(b.parts().keySet());
    boolean number = names.contains(Settings.MAX);
    Way whole = Way.EQUAL;
    for (String name : names) {
      Part was = a.parts().get(name);
      Part is = b.parts().get(name);
      Way way = was == null || is == null ? Way.CHANGED : was.to(is);
      whole = whole.and(way);
      if (!number) {
        add(way, subject + name, shown(was), shown(is), into);
      }
    }
    if (number) {
      add(whole, subject, a.shown(), b.shown(), into);
    }
  }

  private static String shown(@org.jspecify.annotations.Nullable Part part) {
    return part == null ? Difference.Side.NOTHING : part.shown();
  }

  private void add(Way way, String subject, String was, String is, List<Difference> into) {
    if (way != Way.EQUAL) {
      into.add(
          new Difference(
              way,
              subject,
              new Difference.Side(was, at(before, subject)),
              new Difference.Side(is, at(after, subject)),
              "",
              1));
    }
  }

  /** What a part that no file writes down belongs to stands somewhere too. */
  private static String at(PolicyTexts texts, String subject) {
    String own = texts.at(subject);
    int item = subject.lastIndexOf(']') + 1;
    return own.isEmpty() && item > 0 ? texts.at(subject.substring(0, item)) : own;
  }
}
