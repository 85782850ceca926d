package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Patterns and paths of every kind, which meet often. */
final class OddPaths {
  static final List<String> PARTS =
      List.of(
          "**",
          "**",
          "**",
          "**",
          "*",
          "?",
          "src",
          "Src",
          "a",
          ".x",
          "é",
          "ﬁle",
          "日本.pem",
          "a".repeat(255),
          "gen*",
          "gen1*",
          "*gen*",
          "*.java",
          "*.pem",
          "*é",
          "g?n1",
          "x?.java",
          "[a-m]*",
          "[!a-m]?*",
          "*[0-9]",
          "?*?",
          "*a*a*a*b",
          "*.*",
          "a*",
          "*a",
          "{a,src}",
          "{gen,a}*",
          "{*.java,.x,?é}",
          "*1*2*",
          "[日-月]*");

  private static final List<Bytes> NAMES = new ArrayList<>();

  static {
    List<String> texts =
        List.of(
            "src",
            "src",
            "SRC",
            "Src",
            "ſrc",
            "ｓｒｃ",
            "src.",
            "src ",
            "src:x",
            "sr\u200bc",
            "a",
            "a",
            "A",
            ".x",
            ".X",
            "é",
            "e\u0301",
            "É",
            "aé",
            "ﬁle",
            "file",
            "日本.pem",
            "日.JAVA",
            "gen1",
            "gen12",
            "Gen12.java",
            "gen",
            "xgen1y2",
            "gün1",
            "x1.java",
            "xY.java",
            "xÿ.java",
            "main.PEM",
            "k.pem",
            "\u212a.pem",
            "...",
            "\u00ad",
            "\u0001",
            "a".repeat(255),
            "a".repeat(254) + "b",
            "A".repeat(255),
            "é".repeat(127) + "a");
    texts.forEach(text -> NAMES.add(Bytes.utf8(text)));
    NAMES.add(Bytes.fromHex("ff"));
    NAMES.add(Bytes.fromHex("67656e31ff")); // gen1 and a byte
    NAMES.add(Bytes.fromHex("c32e6a617661")); // half of a letter, and .java
    NAMES.add(Bytes.fromHex("ffc3a9")); // a byte, and é
    NAMES.add(Bytes.fromHex("eda080")); // half of a pair
    NAMES.add(Bytes.fromHex("61ff61ff6162"));
  }

  private final Random random;

  OddPaths(long seed) {
    this.random = new Random(seed);
  }

  String glob() {
    List<String> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      parts.add(PARTS.get(random.nextInt(PARTS.size())));
    }
    return String.join("/", parts);
  }

  RelativePath path() {
    RelativePath path = RelativePath.ROOT;
    int count = random.nextInt(20) == 0 ? 30 : 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      path = path.resolve(NAMES.get(random.nextInt(NAMES.size())));
    }
    return path;
  }

  int choice(int bound) {
    return random.nextInt(bound);
  }
}
