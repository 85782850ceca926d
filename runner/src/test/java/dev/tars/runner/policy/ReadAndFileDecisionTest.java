package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.RelativePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAndFileDecisionTest {
  @TempDir private Path temp;
  private PolicyFiles files;

  @BeforeEach
  void make() {
    files = new PolicyFiles(temp);
  }

  @Test
  void whatIsNotReadableIsHiddenAndWhatLeadsToItIsABareDirectory() {
    EffectivePolicy policy =
        files.user(
            "filesystem: { read: [ { id: r, paths: [\"src/*/java/**\", \"pom.xml\"] } ] }\n");
    assertThat(policy.read(path("src/main/java/A.java")).allowed()).isTrue();
    assertThat(policy.read(path("pom.xml")).allowed()).isTrue();
    for (String other : List.of("src", "src/main", "src/main/x", "a.txt", "pom.xml/x", "SRC/a")) {
      assertThat(policy.read(path(other)).denied()).as(other).isTrue();
      assertThat(policy.hides(path(other))).as(other).isTrue();
    }
    assertThat(policy.hidesDirectory(path("src"))).isFalse();
    assertThat(policy.hidesDirectory(path("src/main"))).isFalse();
    assertThat(policy.hidesDirectory(path("src/main/c"))).isTrue();
    assertThat(policy.hidesDirectory(path("docs"))).isTrue();
  }

  @Test
  void everyLayerThatLimitsReadingMustAllow() {
    EffectivePolicy policy =
        files.user(
            "filesystem: { read: [ { id: a, paths: [\"src/**\"] } ] }\n",
            "filesystem: { read: [ { id: b, paths: [\"**/*.java\"] } ] }\n");
    assertThat(policy.read(path("src/A.java")).allowed()).isTrue();
    assertThat(policy.read(path("src/a.txt")).denied()).isTrue();
    assertThat(policy.read(path("lib/A.java")).denied()).isTrue();
  }

  @Test
  void anExceptionBelowAHiddenDirectoryIsSeenAndNothingElseOfIt() {
    EffectivePolicy policy =
        files.user(
            """
            filesystem:
              hide:
                - { id: h, paths: ["conf/**"], except: ["conf/pub/a.txt", "conf/*.md"] }
              scratch:
                - { id: s, paths: ["out/**"], except: ["out/keep/**"] }
            """);
    assertThat(policy.hidden(path("conf/pub/a.txt"))).isFalse();
    assertThat(policy.hidden(path("conf/x.md"))).isFalse();
    assertThat(policy.read(path("conf/x.md")).allowed()).isTrue();
    for (String other : List.of("conf/pub/b.txt", "conf/x", "conf/pub/x.md", "conf", "CONF/x")) {
      assertThat(policy.hidden(path(other))).as(other).isTrue();
      assertThat(policy.read(path(other)).denied()).as(other).isTrue();
    }
    assertThat(policy.hidesDirectory(path("conf"))).isFalse();
    assertThat(policy.hidesDirectory(path("conf/pub"))).isFalse();
    assertThat(policy.scratch(path("out/keep/a"))).isFalse();
    assertThat(policy.scratch(path("out/a"))).isTrue();
    assertThat(policy.scratchedBy(path("out/x/y"))).extracting(RuleMatch::rule).contains("s");
    assertThat(policy.scratchedBy(path("out/keep/a"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".git/config", ".git", "sub/.git/hooks/x", ".tars/policy.yaml"})
  void whatTheHardLimitsHideNoPolicyShows(String hidden) {
    EffectivePolicy policy = files.user("filesystem: { read: [ { id: all, paths: [\"**\"] } ] }\n");
    assertThat(policy.read(path(hidden)).denied()).isTrue();
    assertThat(policy.read(path("a/b")).allowed()).isTrue();
  }

  @Test
  void aFileMustFitOneRuleWhereOnesAreAllowed() {
    EffectivePolicy policy =
        files.user(
            """
            files:
              allow:
                - { id: text, kinds: [text], extensions: [java, d.ts, ""], encodings: [utf-8] }
              deny:
                - { id: exec, modes: [executable, setuid] }
                - { id: bin, kinds: [archive, executable] }
            """);
    assertThat(file(policy, "A.java", FileKind.TEXT, "utf-8")).isEqualTo(Effect.ALLOW);
    assertThat(file(policy, "A.java", FileKind.TEXT, "us-ascii")).isEqualTo(Effect.ALLOW);
    assertThat(file(policy, "a.d.ts", FileKind.TEXT, "utf-8")).isEqualTo(Effect.ALLOW);
    assertThat(file(policy, "Makefile", FileKind.TEXT, "utf-8")).isEqualTo(Effect.ALLOW);
    for (String other : List.of("a.ts", "A.JAVA", "A.java.bak", ".java.x", "a.java.")) {
      assertThat(file(policy, other, FileKind.TEXT, "utf-8")).as(other).isEqualTo(Effect.DENY);
    }
    assertThat(file(policy, "A.java", FileKind.TEXT, "utf-16")).isEqualTo(Effect.DENY);
    assertThat(file(policy, "A.java", FileKind.CLASS, "none")).isEqualTo(Effect.DENY);
    assertThat(file(policy, "A.java", FileKind.UNKNOWN, "none")).isEqualTo(Effect.DENY);
    FileFacts executable =
        new FileFacts(path("A.java"), FileKind.TEXT, "utf-8", Set.of("executable"));
    assertThat(policy.file(executable).deciding().rule()).isEqualTo("exec");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.exe", "A.EXE", "a.Exe", "a.exe.", "a.exe ", "a.e\u200bxe", "a.exe::$DATA"})
  void aDeniedExtensionIsDeniedInEverySpelling(String name) {
    EffectivePolicy policy = files.user("files: { deny: [ { id: d, extensions: [exe, Dll] } ] }\n");
    assertThat(file(policy, name, FileKind.TEXT, "utf-8")).isEqualTo(Effect.DENY);
    assertThat(file(policy, "a.dll", FileKind.TEXT, "utf-8")).isEqualTo(Effect.DENY);
    assertThat(file(policy, "a.exe.txt", FileKind.TEXT, "utf-8")).isEqualTo(Effect.ALLOW);
  }

  @Test
  void whatIsTooLargeToLookIntoIsDeniedAsWhatItMightBe() {
    EffectivePolicy policy = files.user("files: { deny: [ { id: d, kinds: [archive] } ] }\n");
    assertThat(file(policy, "a", FileKind.UNKNOWN, "none")).isEqualTo(Effect.DENY);
    assertThat(file(policy, "a", FileKind.TEXT, "utf-8")).isEqualTo(Effect.ALLOW);
  }

  @Test
  void anInnerLayerOnlyNarrowsWhatFilesMayBe() {
    EffectivePolicy policy =
        files.user(
            "files: { allow: [ { id: a, kinds: [text] } ] }\n",
            "files: { allow: [ { id: b, kinds: [text, archive], extensions: [java] } ] }\n");
    assertThat(file(policy, "A.java", FileKind.TEXT, "utf-8")).isEqualTo(Effect.ALLOW);
    assertThat(file(policy, "A.java", FileKind.ARCHIVE, "none")).isEqualTo(Effect.DENY);
    assertThat(file(policy, "a.md", FileKind.TEXT, "utf-8")).isEqualTo(Effect.DENY);
  }

  @Test
  void aDeniedCommandIsDeniedByItsPathToo() {
    EffectivePolicy policy =
        files.user(
            """
            processes:
              allow: [ { id: any, any: true } ]
              deny:
                - { id: rm, argv: [rm] }
                - { id: force, argv: [git, push], moreArgs: "--force.*|-f" }
            """);
    assertThat(policy.run(List.of("/bin/rm", "x")).deciding().rule()).isEqualTo("rm");
    assertThat(policy.run(List.of("../../bin/rm")).denied()).isTrue();
    assertThat(policy.run(List.of("git", "push", "origin", "-f")).denied()).isTrue();
    assertThat(policy.run(List.of("git", "push", "--force-with-lease", "x")).denied()).isTrue();
    assertThat(policy.run(List.of("git", "push", "a".repeat(20_000))).denied()).isTrue();
    assertThat(policy.run(List.of("git", "push", "origin")).allowed()).isTrue();
    assertThat(policy.run(List.of("rmx")).allowed()).isTrue();
  }

  @Test
  void anAllowedCommandIsAllowedAsWrittenOnly() {
    EffectivePolicy policy =
        files.user(
            "processes: { allow: [ { id: mvn, argv: [mvn, test], moreArgs: \"-D[a-z]+\" } ] }\n");
    assertThat(policy.run(List.of("mvn", "test", "-Dab", "-Dc")).allowed()).isTrue();
    for (List<String> other :
        List.of(
            List.of("./mvn", "test"),
            List.of("/workspace/bin/mvn", "test"),
            List.of("mvn", "test", "-Da;curl"),
            List.of("mvn", "test", "-Da\n-x"),
            List.of("mvn", "test", ""),
            List.of("mvn", "-Da", "test"),
            List.of("mvn"),
            List.of("mvn test"),
            List.<String>of())) {
      assertThat(policy.run(other).denied()).as(other.toString()).isTrue();
    }
  }

  private static Effect file(EffectivePolicy policy, String name, FileKind kind, String encoding) {
    return policy.file(new FileFacts(path(name), kind, encoding, Set.of())).effect();
  }

  private static RelativePath path(String text) {
    return RelativePath.of(text);
  }
}
