package dev.tars.runner.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnTest {
  private static final String POLICY =
      """
      filesystem:
        write: [{ id: docs, paths: ["docs/**"] }]
        protect: [{ id: ci, paths: [".github/**"] }]
        limits: { filesChanged: 3 }
      processes: { allow: [{ id: ls, argv: [ls] }], deny: [{ id: push, argv: [git, push] }] }
      environment: { planMaySet: [A], deny: ["*TOKEN*"] }
      """;

  @TempDir private Path temp;
  private ToolBench bench;
  private EffectivePolicy policy;
  private String file;

  @BeforeEach
  void make() {
    bench = new ToolBench(temp);
    file = bench.file("p.yaml", POLICY);
    policy = bench.policy(POLICY);
  }

  private static Request write(String path) {
    return new Request.Write(RelativePath.of(path), FileOperation.MODIFY);
  }

  private Learned learn(List<Request> requests) {
    return bench.tools().learn(List.of(bench.context(policy, file, requests)), Optional.empty());
  }

  @Test
  void whatNoRuleSpokeOfIsLearnedAndNothingElse() {
    List<Request> denied =
        List.of(
            write("src/a.txt"),
            write("src/b.txt"),
            new Request.Run(List.of("make", "te st", "$X")),
            new Request.Env("B"));
    Learned learned = learn(denied);
    assertThat(learned.refused()).isEmpty();
    assertThat(learned.cleared()).isEqualTo(4);
    bench.tools().write(Path.of("learned.yaml"), learned.policy());
    PolicyDiff diff = bench.tools().diff(file, temp.resolve("learned.yaml").toString());
    assertThat(diff.verdict()).isEqualTo("wider");
    EffectivePolicy after = EffectivePolicies.alone(bench, temp.resolve("learned.yaml"));
    assertThat(denied).allMatch(r -> new Decider(after).decide(r).allowed());
    List<Request> others =
        List.of(
            write("src/c.txt"),
            write("SRC/a.txt"),
            write("src/a.txt/x"),
            new Request.Write(RelativePath.of("src/a.txt"), FileOperation.DELETE),
            new Request.Run(List.of("make", "te st", "$X", "more")),
            new Request.Run(List.of("make", "te", "st", "$X")),
            new Request.Env("BB"));
    assertThat(others).allMatch(r -> new Decider(after).decide(r).denied());
  }

  @Test
  void whatARuleDeniesStaysDenied() {
    Learned learned =
        learn(
            List.of(
                write(".github/x.yml"),
                write(".git/config"),
                new Request.Run(List.of("git", "push", "-f")),
                new Request.Env("MY_TOKEN"),
                new Request.Env("LD_PRELOAD"),
                new Request.Limit("filesChanged", 9)));
    assertThat(learned.policy()).isEmpty();
    assertThat(learned.refused()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*b", "a?b", "a[b]", "{a,b}", "!a", "a\\b", "${x}"})
  void aPathThatWouldBeAPatternIsNotLearned(String path) {
    Learned learned = learn(List.of(write(path)));
    assertThat(learned.policy()).isEmpty();
    assertThat(learned.refused()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: b # c", "'quoted\"", "- x", "a\nb", "ünïcode 😀", "true"})
  void aPathThatIsOddInYamlIsLearnedAsItIs(String path) {
    Learned learned = learn(List.of(write(path)));
    assertThat(learned.cleared()).isEqualTo(1);
  }

  @Test
  void aVariableWithAStarIsNotLearned() {
    assertThat(learn(List.of(new Request.Env("*"))).policy()).isEmpty();
  }

  @Test
  void everyAdditionHasItsEvidenceAndItsRisk() {
    Learned learned = learn(List.of(write("pom.xml"), new Request.Run(List.of("bash", "-c", "x"))));
    assertThat(learned.additions()).hasSize(2);
    assertThat(learned.additions()).allMatch(a -> !a.evidence().isEmpty() && !a.risk().isEmpty());
    assertThat(learned.additions())
        .extracting(Learned.Addition::level)
        .contains(RiskNote.Level.MEDIUM, RiskNote.Level.HIGH);
    assertThat(learned.policy()).contains("# denied in CTX-1 #1").contains("# risk: high");
    assertThat(PolicyFormat.format(learned.policy().getBytes(UTF_8), "learned"))
        .isEqualTo(learned.policy()); // laid out as `policy fmt` does
  }
}
