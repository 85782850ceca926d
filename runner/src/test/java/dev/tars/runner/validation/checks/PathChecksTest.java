package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.Effect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathChecksTest {
  private static final CheckRules LINKS_ALLOWED = rules(Effect.ALLOW, false);
  private static final CheckRules STRUCTURAL = rules(Effect.DENY, true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".git/config",
        ".GIT/hooks/pre-commit",
        ".git./config",
        ".git /config",
        ".git. . ./config",
        "git~1/config",
        "GIT~12/config",
        ".g\u200cit/config",
        "sub/.git/hooks/x",
        ".git::$INDEX_ALLOCATION/config",
        ".git:x",
        "sub/.Git",
        ".g\u00adit",
        "．git/config",
        "a\\.git\\config"
      })
  void whatMeansGitIsRejectedAlsoInAReplay(String path) {
    for (CheckRules rules : List.of(LINKS_ALLOWED, STRUCTURAL)) {
      assertThat(new ChangeFixture().set(path, "x\n").findings(rules))
          .anySatisfy(f -> {
            assertThat(f.rule()).isEqualTo("path.git-alias");
            assertThat(f.severity()).isEqualTo(Severity.REJECT);
          });
    }
    ChangeFixture deletion = new ChangeFixture().base(path, "x\n").delete(path);
    assertThat(rules(deletion.findings())).contains("path.git-alias");
  }

  @ParameterizedTest
  @ValueSource(strings = {".gitignore.txt", "digit~1x", "legit", "git", "a.git", "gitlab~"})
  void whatOnlyLooksLikeGitIsNot(String path) {
    assertThat(rules(new ChangeFixture().set(path, "x\n").findings()))
        .doesNotContain("path.git-alias");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\u0001",
        "a\u007f",
        "a\u0085b",
        "a\\b",
        "a:b",
        "dir./a",
        "a ",
        "con",
        "sub/NUL.txt",
        "com1.java",
        "a\u200bb",
        "a\u202eb",
        "lpt¹",
        "a\ue000"
      })
  void namesThatOthersReadOtherwiseAreRejected(String path) {
    List<Finding> findings = new ChangeFixture().set(path, "x\n").findings();
    assertThat(findings).anySatisfy(f -> assertThat(f.rule()).isEqualTo("path.name"));
    assertThat(rules(new ChangeFixture().set(path, "x\n").findings(STRUCTURAL)))
        .doesNotContain("path.name");
  }

  @Test
  void namesThatAreNoTextOrTooLongAreRejected() {
    assertThat(rules(new ChangeFixture().set(Bytes.of(new byte[] {'a', (byte) 0xff})).findings()))
        .contains("path.name");
    assertThat(rules(new ChangeFixture().set("a".repeat(256), "x\n").findings()))
        .contains("path.name");
  }

  @Test
  void anOddNameOfTheBaselineMayBeDeleted() {
    assertThat(new ChangeFixture().base("a:b", "x\n").delete("a:b").findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"README.md,readme.md", "e\u0301.txt,\u00e9.txt", "straße,STRASSE", "ﬁle,FILE"})
  void twoNamesThatFoldToOneAreRejected(String one, String two) {
    assertThat(rules(new ChangeFixture().set(one, "x\n").set(two, "x\n").findings()))
        .contains("path.collision");
    assertThat(rules(new ChangeFixture().base("d/" + one, "x\n").set("d/" + two, "x\n").findings()))
        .contains("path.collision");
  }

  @Test
  void aNameWhoseTwinGoesIsNoCollision() {
    ChangeFixture rename =
        new ChangeFixture().base("README.md", "x\n").delete("README.md").set("readme.md", "x\n");
    assertThat(rename.findings()).isEmpty();
  }

  @Test
  void aLinkIsRejectedUnlessThePolicyAllowsLinks() {
    ChangeFixture change = new ChangeFixture().base("a", "x\n").link("b", "a");
    assertThat(rules(change.findings())).containsExactly("link.created");
    assertThat(change.findings()).extracting(Finding::severity).containsExactly(Severity.REJECT);
    assertThat(change.findings(LINKS_ALLOWED))
        .extracting(Finding::severity)
        .containsExactly(Severity.INFO);
  }

  @ParameterizedTest
  @CsvSource({
    "l,/etc/passwd,absolute",
    "l,../outside,out of the workspace",
    "d/l,../../outside,out of the workspace",
    "l,a/../../outside,out of the workspace",
    "l,gone,nothing",
    "l,.git/hooks,.git",
    "l,.GIT./hooks,.git",
    "l,old,another link",
    "l,old/x,through the link",
    "l,l,another link"
  })
  void aLinkToWhereItMustNotPointIsRejectedEvenIfLinksAreAllowed(
      String path, String target, String why) {
    ChangeFixture change =
        new ChangeFixture().base("a", "x\n").baseLink("old", "a").link(path, target);
    assertThat(change.findings(LINKS_ALLOWED))
        .anySatisfy(f -> {
          assertThat(f.rule()).isEqualTo("link.target");
          assertThat(f.severity()).isEqualTo(Severity.REJECT);
          assertThat(f.message()).contains(why);
        });
  }

  @Test
  void aLinkThatGoesUpAndStaysInsideIsForThePolicyToAllow() {
    ChangeFixture change = new ChangeFixture().base("a", "x\n").link("d/l", "../a");
    assertThat(rules(change.findings(LINKS_ALLOWED))).containsExactly("link.created");
  }

  @Test
  void aLoopOfLinksIsRejected() {
    assertThat(rules(new ChangeFixture().link("a", "b").link("b", "a").findings(LINKS_ALLOWED)))
        .filteredOn(rule -> rule.equals("link.target"))
        .hasSize(2);
  }

  @Test
  void aPathThroughALinkIsRejected() {
    ChangeFixture change = new ChangeFixture().baseLink("d", "/etc").set("d/passwd", "x\n");
    assertThat(rules(change.findings())).contains("path.through-link");
  }

  private static CheckRules rules(Effect links, boolean structural) {
    return new CheckRules(
        ChangeFixture.tests("src/test/", List.of()),
        Effect.DENY,
        Effect.ASK,
        Effect.ASK,
        Effect.DENY,
        links,
        structural);
  }

  private static List<String> rules(List<Finding> findings) {
    return findings.stream().map(Finding::rule).toList();
  }
}
