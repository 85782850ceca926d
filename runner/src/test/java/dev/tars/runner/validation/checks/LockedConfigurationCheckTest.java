package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.LockedSetting;
import dev.tars.runner.policy.TestIntegrity;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockedConfigurationCheckTest {
  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <version>1</version>
        <build><plugins>
          <plugin><artifactId>maven-surefire-plugin</artifactId>
            <configuration><argLine>-Xmx1g</argLine></configuration></plugin>
        </plugins></build>
      </project>
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<argLine>-Xmx1g</argLine>|<argLine>-Xmx1g</argLine><skip>true</skip>",
        "<argLine>-Xmx1g</argLine>|<argLine>-Xmx2g</argLine>",
        "<configuration>|<configuration combine.self='override'>",
        "</plugins>|<plugin><artifactId>maven-surefire-plugin</artifactId></plugin></plugins>",
        "maven-surefire-plugin|maven-safefire-plugin",
        "</project>|",
        "<project|<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><project x='&b;'",
      })
  void aLockedPlaceThatIsNotWhatItWasRejects(String change) {
    String[] parts = change.split("\\|", -1);
    assertThat(found("pom.xml", POM, POM.replace(parts[0], parts[1]))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<version>1</version>|<version>2</version>",
        "<plugins>|<plugins><!-- nothing --> <plugin><artifactId>other</artifactId></plugin>",
        "    <configuration>|<configuration>",
        "xmlns=|  xmlns="
      })
  void whatIsNotLockedMayChange(String change) {
    String[] parts = change.split("\\|", -1);
    assertThat(found("pom.xml", POM, POM.replace(parts[0], parts[1]))).isEmpty();
  }

  @Test
  void aLockedPlaceCanNeitherComeNorGo() {
    assertThat(found("pom.xml", "", POM)).isNotEmpty();
    assertThat(new ChangeFixture().base("pom.xml", POM).delete("pom.xml").findings(rules()))
        .extracting(Finding::rule)
        .contains("config.locked");
  }

  @Test
  void placesInJsonAreLockedToo() {
    String json = "{ \"jest\": { \"bail\": true }, \"version\": 1 }";
    assertThat(found("package.json", json, json.replace("true", "false"))).isNotEmpty();
    assertThat(found("package.json", json, json.replace("{ \"jest\"", "{ \"jest\": 1, \"jest\"")))
        .isNotEmpty();
    assertThat(found("package.json", json, json.replace("1", "2"))).isEmpty();
  }

  @Test
  void aFileThatIsLockedAsAWholeMayNotChange() {
    assertThat(found("whole.cfg", "a", "b"))
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("whole.cfg is locked (policy.yaml:3:1)"))
        .satisfies(f -> assertThat(f.brief()).startsWith("a setting is locked (policy.yaml:3:1)"));
    assertThat(found("other.cfg", "a", "b")).isEmpty();
  }

  private static List<Finding> found(String name, String before, String after) {
    ChangeFixture fixture = new ChangeFixture();
    if (!before.isEmpty()) {
      fixture.base(name, before);
    }
    fixture.set(name, after);
    return fixture.findings(rules()).stream()
        .filter(f -> f.rule().equals("config.locked"))
        .toList();
  }

  private static CheckRules rules() {
    SourcePosition at = new SourcePosition("policy.yaml", 3, 1);
    List<LockedSetting> locked =
        Stream.of("pom.xml#/project/build/plugins/surefire", "package.json#/jest", "whole.cfg")
            .map(text -> LockedSetting.parse(text, at))
            .toList();
    return CheckRules.standard(new TestIntegrity(List.of(), true, 0, 0, List.of(), locked));
  }
}
