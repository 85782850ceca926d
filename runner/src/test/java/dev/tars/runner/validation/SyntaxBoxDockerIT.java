package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.docker.DockerSandbox;
import dev.tars.runner.validation.checks.ChangeFixture;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.validation.syntax.BoxedSyntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parsers of the image, on the real engine: what they see, and what hostile files cost. */
class SyntaxBoxDockerIT {
  private static final String IMAGE =
      System.getProperty("tars.sandbox.image", "tars-sandbox:default");
  private static final ResourceLimits LIMITS =
      new ResourceLimits(
          2000,
          ByteCount.mebibytes(2048),
          128,
          ByteCount.mebibytes(256),
          20_000,
          1024,
          ByteCount.mebibytes(16),
          ByteCount.mebibytes(64),
          Duration.ofMinutes(2));

  @TempDir private Path temp;
  private Rooms rooms;
  private Sandbox sandbox;

  @BeforeEach
  void connect() {
    rooms = new Rooms(temp, 65532, Map.of("a.txt", "a"));
    sandbox = DockerSandbox.connect(Optional.empty(), rooms.layout);
  }

  @AfterEach
  void leaveNothingBehind() throws IOException {
    try (var left = Files.list(rooms.home)) {
      assertThat(left).isEmpty();
    }
    sandbox.close();
  }

  @Test
  void oneBrokenFileOfEachLanguageIsSeen() {
    ChangeFixture change =
        new ChangeFixture()
            .set("a.py", "x = 1\ndef f(:\n  pass\n")
            .set("b.js", "let a = 1;\nlet b = ;\n")
            .set("c.mjs", "import x from 'y';\nexport {\n")
            .set("d.sh", "echo a\nif true; then\n")
            .set("e.toml", "a = 1\nb = \n");
    Map<String, Finding> found = byPath(findings(change));
    assertThat(found).containsOnlyKeys("a.py", "b.js", "c.mjs", "d.sh", "e.toml");
    assertThat(found.values()).extracting(Finding::severity).containsOnly(Severity.REJECT);
    assertThat(found.get("a.py").line()).isEqualTo(2);
    assertThat(found.get("b.js").line()).isEqualTo(2);
    assertThat(found.get("e.toml").line()).isEqualTo(2);
  }

  @Test
  void grammarsSeeTheOtherLanguages() {
    ChangeFixture change =
        new ChangeFixture()
            .set("a.go", "package a\nfunc f() { x := (1 \n")
            .set("b.rs", "fn main() { let x = 1; ")
            .set("c.ts", "const a: = 1;\n")
            .set("d.tsx", "const a = <b>;\nconst ( = 1")
            .set("e.jsx", "const a = <b></b>;\nlet = = 2;\n");
    for (String soft : List.of("f.c", "g.cpp", "h.rb", "i.php", "j.kt", "k.sql", "l.css")) {
      change.base(soft, right(soft)).set(soft, right(soft) + "\n}}) (( {\n");
    }
    assertThat(findings(change))
        .filteredOn(f -> f.severity() == Severity.REVIEW)
        .extracting(Finding::path)
        .containsExactlyInAnyOrder(
            "a.go", "b.rs", "c.ts", "d.tsx", "e.jsx", "f.c", "g.cpp", "h.rb", "i.php", "j.kt",
            "k.sql", "l.css");
  }

  private static String right(String name) {
    return switch (name) {
      case "f.c" -> "int main(void) { return 0; }\n";
      case "g.cpp" -> "class A { int x; };\n";
      case "h.rb" -> "def a\n  1\nend\n";
      case "i.php" -> "<?php $a = 1;\n";
      case "j.kt" -> "fun main() { println(1) }\n";
      case "k.sql" -> "SELECT 1;\n";
      default -> "a { color: red }\n";
    };
  }

  @Test
  void whatIsRightInEachLanguageHasNoFinding() {
    ChangeFixture change =
        new ChangeFixture()
            .set("a.py", "async def f[T](x: T): ...\n".replace("[T]", "").replace(": T", ""))
            .set("b.js", "return 1;\n")
            .set("c.js", "import x from 'y';\nawait x;\n")
            .set("d.js", "const a = <b>{x}</b>;\n")
            .set("e.ts", "export const a = <T,>(x: T) => x satisfies T;\n")
            .set("f.tsx", "const a = <b c={1}>x</b>;\n")
            .set("g.sh", "#!/bin/bash\na=(1 2)\n[[ $a =~ x ]] && echo @(a|b)\n")
            .set("h.toml", "[a]\nb = 1979-05-27T07:32:00Z\n")
            .set("i.go", "package a\n\nfunc F[T any](x T) T { return x }\n")
            .set("j.rs", "fn main() { let x = async { 1 }; }\n")
            .set("k.h", "class A { public: int x; };\n")
            .set("Dockerfile", "FROM a\nRUN b \\\n  && c\n");
    assertThat(findings(change)).isEmpty();
  }

  @Test
  void hostileFilesEndWithinTheLimitsAndTakeNoOtherAnswerAway() {
    ChangeFixture change =
        new ChangeFixture()
            .set("a.py", "x = " + "(".repeat(1_000_000))
            .set("b.py", "x = '" + "a".repeat(4_000_000) + "'\n")
            .set("c.py", "x = " + "-".repeat(1_000_000) + "1\n")
            .set("d.js", "[".repeat(1_000_000))
            .set("e.js", "`${".repeat(1_000_000))
            .set("f.toml", "a = " + "[".repeat(1_000_000))
            .set("g.sh", "$(".repeat(1_000_000))
            .set("h.ts", "<".repeat(1_000_000))
            .set("z.py", "def f(:\n");
    List<Finding> findings = findings(change);
    assertThat(byPath(findings).get("z.py").severity()).isEqualTo(Severity.REJECT);
    assertThat(byPath(findings)).doesNotContainKey("b.py");
  }

  @Test
  void aThousandFilesAreOneContainer() {
    ChangeFixture change = new ChangeFixture();
    for (int i = 0; i < 1000; i++) {
      change.set("src/m" + i + ".py", "def f" + i + "(x):\n    return x + " + i + "\n");
    }
    long started = System.nanoTime();
    assertThat(findings(change)).isEmpty();
    System.out.println(
        "1,000 files: " + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
  }

  private List<Finding> findings(ChangeFixture change) {
    SandboxBox box =
        new SandboxBox(
            sandbox,
            new SandboxBox.Setting(
                sandbox.image(IMAGE), LIMITS, Map.of(), "CTX-1", SandboxBox.Caches.NONE),
            SandboxBox.Logs.NONE,
            () -> false);
    Findings findings = new Findings();
    new BoxedSyntax(
            new LayeredCleanRoom(rooms.place(), box).parsers(),
            ChangeFixture.tests("src/test/", List.of()))
        .check(change.changeSet(), change, findings);
    return findings.sorted();
  }

  private static Map<String, Finding> byPath(List<Finding> findings) {
    return findings.stream().collect(Collectors.toMap(Finding::path, f -> f, (a, b) -> a));
  }
}
