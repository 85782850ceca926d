package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.policy.Globs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths made from patterns match them; where two patterns can meet, a common path is found. */
class WitnessesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "**",
        "a",
        "a/**",
        "**/a",
        "**/*.java",
        "a/*/b",
        "[a-c]?.{x,y}",
        "**/a/**/b*",
        "[!a]*"
      })
  void whatIsMadeMatches(String glob) {
    assertThat(Witnesses.of(glob)).isNotEmpty().allMatch(p -> Globs.compile(glob).matches(p));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "src/** | **/*.key",
        "**/a/** | **/b/**",
        "*Test.java | A*",
        "a/*/c | **/b/*",
        "x[0-9]* | ?5.txt",
        "**/{x,y}/* | src/**",
        "[!a]b | ?b",
      })
  void patternsThatCanMeetDo(String one, String other) {
    assertThat(Witnesses.common(List.of(one, other)))
        .isNotEmpty()
        .allMatch(p -> Globs.compile(one).matches(p) && Globs.compile(other).matches(p));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"a/** | b/**", "*.java | *.xml", "a | a/**", "[ab]x | cx"})
  void patternsThatCannotMeetDoNot(String one, String other) {
    assertThat(Witnesses.common(List.of(one, other))).isEmpty();
  }

  @Test
  void threePatternsMeet() {
    assertThat(Witnesses.common(List.of("src/**", "**/*.key", "**/test/**"))).isNotEmpty();
  }
}
