package dev.tars.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the package list of a Debian-like root file system. */
final class DpkgDatabase {
  static final String STATUS = "var/lib/dpkg/status";
  private static final String LISTS = "var/lib/dpkg/info/";

  private static final Pattern PARAGRAPHS = Pattern.compile("\n\n+");
  private static final Pattern COMMA = Pattern.compile(",");

  private DpkgDatabase() {}

  static boolean isFileList(String path) {
    return path.startsWith(LISTS) && path.endsWith(".list");
  }

  /** Which package a file list belongs to, without its architecture. */
  static String packageOf(String fileList) {
    String name = fileList.substring(LISTS.length(), fileList.length() - ".list".length());
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /** The installed packages by name; paragraphs without a name are passed over. */
  static Map<String, InstalledPackage> parse(String status) {
    Map<String, InstalledPackage> packages = new TreeMap<>();
    for (String paragraph : PARAGRAPHS.split(status, -1)) {
      Map<String, String> fields = fields(paragraph);
      String name = fields.get("Package");
      if (name != null && fields.getOrDefault("Status", "").endsWith(" installed")) {
        List<Set<String>> depends = new ArrayList<>();
        depends.addAll(relations(fields.getOrDefault("Pre-Depends", "")));
        depends.addAll(relations(fields.getOrDefault("Depends", "")));
        Set<String> provides = new LinkedHashSet<>();
        relations(fields.getOrDefault("Provides", "")).forEach(provides::addAll);
        String version = fields.getOrDefault("Version", "unknown");
        packages.put(name, new InstalledPackage(name, version, depends, provides));
      }
    }
    return packages;
  }

  private static Map<String, String> fields(String paragraph) {
    Map<String, String> fields = new HashMap<>();
    for (String line : paragraph.lines().toList()) {
      int colon = line.indexOf(':');
      // Continuation lines begin with a space; none of the fields that are read here has any.
      if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private static List<Set<String>> relations(String field) {
    List<Set<String>> all = new ArrayList<>();
    for (String relation : COMMA.split(field, -1)) {
      Set<String> alternatives = new LinkedHashSet<>();
      Arrays.stream(relation.split("\\|", -1))
          .map(a -> a.replaceAll("[(\\[<:].*", "").strip())
          .filter(a -> !a.isEmpty())
          .forEach(alternatives::add);
      if (!alternatives.isEmpty()) {
        all.add(alternatives);
      }
    }
    return all;
  }
}
