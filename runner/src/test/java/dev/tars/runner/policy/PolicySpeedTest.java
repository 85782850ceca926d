package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Large policies and hostile patterns. Times are processor times, and twice what is promised (a
 * policy of 2,000 rules and 100,000 decisions within a second each).
 */
class PolicySpeedTest {
  private static final int SLACK = 2;

  @TempDir private Path temp;
  private PolicyFiles files;

  @BeforeEach
  void make() {
    files = new PolicyFiles(temp);
  }

  @Test
  void twoThousandRulesLoadWithinASecondAndDecideAHundredThousandPathsInAnother() {
    String text = rules(2_000);
    files.user(text); // warm
    files.user(text);
    long start = cpu();
    EffectivePolicy policy = files.user(text);
    Duration loading = Duration.ofNanos(cpu() - start);
    List<RelativePath> paths = paths(100_000);
    int denied = decide(policy, paths.subList(0, 20_000));
    start = cpu();
    denied += decide(policy, paths);
    Duration deciding = Duration.ofNanos(cpu() - start);
    System.out.println(
        "2,000 rules: "
            + loading.toMillis()
            + " ms to load, 100,000 decisions: "
            + deciding.toMillis()
            + " ms");
    assertThat(denied).isBetween(1_000, 119_000);
    assertThat(loading).isLessThan(Duration.ofSeconds(SLACK));
    assertThat(deciding).isLessThan(Duration.ofSeconds(SLACK));
  }

  @ParameterizedTest
  @CsvSource({
    "**/*.ext#, src/main/Java/A.ext#",
    "src/main/f#/A.java, src/main/f#/A.java",
    "src/**/gen#*/x?.java, src/main/b/gen#a/xY.java",
    "src/**/*/x?#.java, src/main/gen/b/xY#.java",
    "**/*x#*/**, src/ax#a/q/B.java",
    "*/*#, src/k#"
  })
  void rulesThatAreMuchAlikeDoNotSlowEachOtherDown(String glob, String path) {
    StringBuilder text = new StringBuilder("filesystem:\n  write:\n");
    for (int i = 0; i < 2_000; i++) {
      text.append("    - { id: w").append(i).append(", paths: [\"");
      text.append(glob.replace("#", "" + i)).append("\"] }\n");
    }
    EffectivePolicy policy = files.user(text.toString());
    List<RelativePath> paths = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      paths.add(RelativePath.of(path.replace("#", "" + i % 2_500)));
    }
    long start = cpu();
    int denied = decide(policy, paths);
    Duration deciding = Duration.ofNanos(cpu() - start);
    assertThat(denied).isBetween(0, 9_000);
    assertThat(deciding).isLessThan(Duration.ofSeconds(SLACK));
  }

  @Test
  void loadingGrowsWithTheRulesAndNotWithTheirSquare() {
    files.user(rules(500));
    files.user(rules(500));
    long small = load(500);
    long large = load(4_000);
    assertThat(large).isLessThan(small * 8 * SLACK);
  }

  private long load(int rules) {
    String text = rules(rules);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = cpu();
      files.user(text);
      best = Math.min(best, cpu() - start);
    }
    return best;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*a*a*a*a*a*a*a*a*a*a*b",
        "**/a/**/a/**/a/**/a/**/a/**/b",
        "{a,?a}*{a,?a}*{a,?a}*{a,?a}*{a,?a}*b",
        "*[a]*[a]*[a]*[a]*[a]*[!a]b",
        "?*?*?*?*?*?*?*?*?*b"
      })
  void aHostileGlobTakesTimeThatIsLinearInThePath(String glob) {
    EffectivePolicy policy =
        files.user("filesystem: { write: [ { id: w, paths: [\"" + glob + "\"] } ] }\n");
    String flat = "a".repeat(200);
    List<RelativePath> hostile =
        List.of(
            RelativePath.of(flat),
            RelativePath.of(String.join("/", java.util.Collections.nCopies(60, "a"))),
            RelativePath.of(String.join("/", java.util.Collections.nCopies(15, flat))));
    long start = cpu();
    for (int i = 0; i < 200; i++) {
      for (RelativePath path : hostile) {
        assertThat(policy.write(path, FileOperation.CREATE).denied()).isTrue();
        policy.hidesDirectory(path);
      }
    }
    assertThat(Duration.ofNanos(cpu() - start)).isLessThan(Duration.ofSeconds(SLACK));
  }

  @Test
  void hostileGlobsAreComparedWithEachOtherInBoundedTime() {
    StringBuilder text = new StringBuilder("filesystem:\n  write:\n");
    for (int i = 0; i < 300; i++) {
      text.append("    - { id: w").append(i).append(", paths: [\"**/*a*a*a*a/**/*b*").append(i);
      text.append("/**/c*\"], except: [\"**/*a*/**/*b*/**/*c*a\"] }\n");
    }
    text.append("  protect:\n");
    for (int i = 0; i < 300; i++) {
      text.append("    - { id: p").append(i).append(", paths: [\"**/*z*a*/**/*y*").append(i);
      text.append("/**/x*\"] }\n");
    }
    long start = cpu();
    files.user(text.toString());
    assertThat(Duration.ofNanos(cpu() - start)).isLessThan(Duration.ofSeconds(2 * SLACK));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*a){20}b", "^(([a-z])+.)+[A-Z]b$"})
  void aHostileExpressionTakesTimeThatIsLinearInTheArgument(String expression) {
    EffectivePolicy policy =
        files.user(
            "processes: { allow: [ { id: a, argv: [x], moreArgs: \""
                + expression
                + "\" } ] }\n"
                + "audit: { redact: [\""
                + expression
                + "\"] }\n");
    long start = cpu();
    assertThat(policy.run(List.of("x", "a".repeat(10_000))).denied()).isTrue();
    assertThat(policy.audit().redacted("a".repeat(20_000))).hasSize(20_000);
    assertThat(Duration.ofNanos(cpu() - start)).isLessThan(Duration.ofSeconds(SLACK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{100}){100}){100}",
        "(a{1000}){1000}",
        "((((a{1,30}){1,30}){1,30}){1,30}){1,30}",
        "a{1001}"
      })
  void anExpressionThatGrowsWithoutMeasureIsRefusedAtOnce(String expression) {
    long start = cpu();
    assertThatThrownBy(() ->
            files.user(
                "processes: { allow: [ { id: a, argv: [x], moreArgs: \""
                    + expression
                    + "\" } ] }\n"))
        .isInstanceOf(RunnerException.class);
    assertThat(Duration.ofNanos(cpu() - start)).isLessThan(Duration.ofSeconds(2));
  }

  /** Of this thread: other work on the machine is not ours. */
  private static long cpu() {
    return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static int decide(EffectivePolicy policy, List<RelativePath> paths) {
    int denied = 0;
    for (RelativePath path : paths) {
      denied += policy.write(path, FileOperation.MODIFY).denied() ? 1 : 0;
    }
    return denied;
  }

  private static String rules(int count) {
    StringBuilder text = new StringBuilder("filesystem:\n  write:\n");
    for (int i = 0; i < count / 2; i++) {
      text.append("    - { id: w").append(i).append(", paths: [\"m").append(i % 500);
      text.append("/**/*.java\", \"m").append(i % 500).append("/d").append(i).append("/**\"] }\n");
    }
    text.append("  protect:\n");
    for (int i = 0; i < count / 4; i++) {
      text.append("    - { id: p").append(i).append(", paths: [\"**/secret").append(i);
      text.append("/**\"], except: [\"**/secret").append(i).append("/open\"] }\n");
    }
    text.append("  hide:\n");
    for (int i = 0; i < count / 4; i++) {
      text.append("    - { id: h")
          .append(i)
          .append(", paths: [\"**/*.ext")
          .append(i)
          .append("\"] }\n");
    }
    return text.toString();
  }

  private static List<RelativePath> paths(int count) {
    Random random = new Random(7);
    List<RelativePath> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int m = random.nextInt(500);
      paths.add(
          RelativePath.of(
              switch (random.nextInt(4)) {
                case 0 -> "m" + m + "/src/main/java/org/example/A" + i + ".java";
                case 1 -> "m" + m + "/d" + m + "/readme.md";
                case 2 -> "m" + m + "/x/secret" + m + "/A.java";
                default -> "docs/page" + i + ".md";
              }));
    }
    return paths;
  }
}
