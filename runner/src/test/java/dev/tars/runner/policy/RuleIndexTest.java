package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleIndexTest {
  private static final List<String> PARTS =
      List.of("src", "*", "**", "Main.java", "*.java", "m?in", "[a-m]*", "{a,src}", "test", ".x");
  private static final List<String> NAMES =
      List.of("src", "SRC", "a", "Main.java", "main.JAVA", "main", "test", ".x", "b.java", "x.y.z");

  private final Random random = new Random(20261123);

  @Test
  void theIndexFindsWhatLookingAtEveryRuleFinds() {
    int hits = 0;
    for (int round = 0; round < 200; round++) {
      List<PathRule> rules = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rules.add(rule(i));
      }
      RuleIndex index = new RuleIndex(rules);
      for (int i = 0; i < 60; i++) {
        PathSubject subject = PathSubject.of(RelativePath.of(words(NAMES)));
        List<PathRule> found = rules.stream().filter(r -> r.matches(subject)).toList();
        assertThat(index.matching(subject)).as(subject.names().toString()).isEqualTo(found);
        hits += found.size();
      }
    }
    assertThat(hits).isGreaterThan(10_000);
  }

  @Test
  void namesThatAreNotUtf8AreFoundToo() {
    PathRule any = rule("src/**", 0);
    RelativePath path =
        RelativePath.of(Bytes.of(new byte[] {'s', 'r', 'c', '/', (byte) 0xff, (byte) 0xfe}));
    assertThat(new RuleIndex(List.of(any)).matching(PathSubject.of(path))).containsExactly(any);
  }

  private PathRule rule(int number) {
    while (true) {
      try {
        return rule(words(PARTS), number);
      } catch (IllegalArgumentException notAGlob) {
        // another one
      }
    }
  }

  private PathRule rule(String glob, int number) {
    SourcePosition at = new SourcePosition("policy.yaml", number + 1, 1);
    RuleMatch match = new RuleMatch("r" + number, "user", at, Effect.DENY, "");
    PathRule rule =
        new PathRule(
            match,
            List.of(Globs.compile(glob)),
            List.of(),
            List.of(),
            EnumSet.allOf(FileOperation.class),
            "");
    return random.nextBoolean() ? rule.inAnySpelling() : rule.withDirectories();
  }

  private String words(List<String> from) {
    int count = 1 + random.nextInt(4);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(from.get(random.nextInt(from.size())));
    }
    return String.join("/", words);
  }
}
