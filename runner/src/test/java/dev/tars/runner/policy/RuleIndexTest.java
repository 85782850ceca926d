package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleIndexTest {
  private final OddPaths odd = new OddPaths(20261123);
  private final PlainGlob plain = new PlainGlob();
  private final Set<String> matchedParts = new LinkedHashSet<>();

  @Test
  void theIndexFindsWhatLookingAtEveryRuleFinds() {
    int hits = 0;
    int missed = 0;
    for (int round = 0; round < 36; round++) {
      List<PathRule> rules = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        rules.add(rule(i));
      }
      RuleIndex index = new RuleIndex(rules);
      RuleIndex less = new RuleIndex(rules.subList(1, rules.size()));
      for (int i = 0; i < 60; i++) {
        PathSubject subject = PathSubject.of(odd.path());
        List<PathRule> found = rules.stream().filter(r -> plainly(r, subject)).toList();
        assertThat(index.matching(subject)).as(subject.names().toString()).isEqualTo(found);
        hits += found.size();
        missed += less.matching(subject).equals(found) ? 0 : 1;
      }
    }
    assertThat(hits).isGreaterThan(9_000);
    assertThat(missed).as("paths that one rule less is noticed by").isGreaterThan(150);
    assertThat(matchedParts).containsAll(OddPaths.PARTS);
  }

  @Test
  void everyDirectoryOnTheWayIsMatchedAsItIsOnItsOwn() {
    for (int round = 0; round < 20; round++) {
      List<PathRule> rules = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        rules.add(rule(i));
      }
      RuleIndex index = new RuleIndex(rules);
      for (int i = 0; i < 40; i++) {
        PathSubject subject = PathSubject.of(odd.path());
        List<List<PathRule>> each = new ArrayList<>();
        for (int depth = 1; depth <= subject.depth(); depth++) {
          each.add(index.matching(subject.upTo(depth)));
        }
        assertThat(index.alongTheWay(subject)).isEqualTo(each);
      }
    }
  }

  @Test
  void whatLeadsOnIsWhatAPatternDoes() {
    int leading = 0;
    for (int round = 0; round < 2_000; round++) {
      PathRule rule = rule(odd.glob(), 0);
      PathSubject subject = PathSubject.of(odd.path());
      boolean leads = rule.globs().stream().anyMatch(glob -> glob.mayMatchBelow(subject.names()));
      assertThat(new RuleIndex(List.of(rule)).leadsOn(subject)).isEqualTo(leads);
      leading += leads ? 1 : 0;
    }
    assertThat(leading).isBetween(200, 1_800);
  }

  @Test
  void namesThatAreNotUtf8AreFoundToo() {
    PathRule any = rule("src/**", 0);
    RelativePath path =
        RelativePath.of(Bytes.of(new byte[] {'s', 'r', 'c', '/', (byte) 0xff, (byte) 0xfe}));
    assertThat(new RuleIndex(List.of(any)).matching(PathSubject.of(path))).containsExactly(any);
  }

  @Test
  void aRuleIsFoundOnceHoweverManyOfItsPatternsMatch() {
    PathRule rule = rule("{**/a,a/**,**/{a,b}/**/a,*/*,**}", 0).inAnySpelling();
    PathSubject path = PathSubject.of(RelativePath.of("a/a/b/a"));
    assertThat(new RuleIndex(List.of(rule)).matching(path)).containsExactly(rule);
  }

  private boolean plainly(PathRule rule, PathSubject subject) {
    boolean matches = false;
    for (Glob glob : rule.globs()) {
      matches |= plainly(glob, subject.names());
    }
    for (Glob glob : rule.folded()) {
      matches |= plainly(glob, subject.foldedNames());
    }
    return matches
        && rule.except().stream().noneMatch(g -> plain.matches(g.text(), subject.names()));
  }

  private boolean plainly(Glob glob, List<Bytes> names) {
    boolean matches = plain.matches(glob.text(), names);
    if (matches) {
      matchedParts.addAll(List.of(glob.text().split("/")));
    }
    return matches;
  }

  private PathRule rule(int number) {
    PathRule rule = rule(odd.glob(), number);
    return switch (odd.choice(3)) {
      case 0 -> rule;
      case 1 -> rule.withDirectories().inAnySpelling();
      default -> rule.withDirectories();
    };
  }

  private PathRule rule(String glob, int number) {
    SourcePosition at = new SourcePosition("policy.yaml", number + 1, 1);
    RuleMatch match = new RuleMatch("r" + number, "user", at, Effect.DENY, "");
    List<Glob> except = odd.choice(3) == 0 ? List.of(Globs.compile(odd.glob())) : List.<Glob>of();
    return new PathRule(
        match,
        List.of(Globs.compile(glob), Globs.compile(odd.glob())),
        List.of(),
        number == 0 ? List.of() : except,
        EnumSet.allOf(FileOperation.class),
        "");
  }
}
