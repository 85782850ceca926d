package dev.tars.runner.policy.net;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tars.runner.model.SourcePosition;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkTableTest {
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 3, 5);
  private static final Endpoint API = Endpoint.of("api.example.org", 443, NetworkPhase.RUN);

  @Test
  void aTableWithoutLayersAllowsNothing() {
    NetworkAnswer answer = new NetworkTable(List.of()).decide(API);
    assertThat(answer.allowed()).isFalse();
    assertThat(answer.deciding().reason()).isEqualTo("no layer says anything about it");
  }

  @Test
  void everyLayerMustAllow() {
    NetworkLayer allows = layer("outer", rule("api", true, "api.example.org"));
    NetworkLayer silent = layer("inner");
    NetworkLayer denies =
        layer("inner", rule("api", true, "**.example.org"), rule("no", false, "*.example.org"));
    assertThat(new NetworkTable(List.of(allows)).decide(API).allowed()).isTrue();
    assertThat(new NetworkTable(List.of(allows, silent)).decide(API).deciding().rule())
        .isEqualTo("network.default");
    assertThat(new NetworkTable(List.of(denies, allows)).decide(API).deciding().rule())
        .isEqualTo("no");
  }

  @Test
  void whatIsThisMachineItselfIsDeniedWhateverTheLayersAllow() {
    NetworkRule everything =
        new NetworkRule(
            vote("all", true),
            List.of(),
            List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")),
            Set.of(),
            Set.of());
    NetworkTable table = new NetworkTable(List.of(layer("user", everything)));
    assertThat(table.decide(Endpoint.of("192.0.2.1", 443, NetworkPhase.RUN)).allowed()).isTrue();
    for (String host : List.of("127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1")) {
      NetworkAnswer answer = table.decide(Endpoint.of(host, 443, NetworkPhase.RUN));
      assertThat(answer.deciding().rule()).as(host).isEqualTo("hard.network");
    }
  }

  @Test
  void aBlockWithBitsBehindItsLengthCannotBeMade() {
    IpAddress address = IpAddress.parse("192.0.2.1").orElseThrow();
    assertThatIllegalArgumentException().isThrownBy(() -> new Cidr(address, 24));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cidr(address, 33));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(new byte[5]));
  }

  @Test
  void theseClassesNeedTheJdkAndTheModelAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "dev.tars.runner.model", "dev.tars.runner.policy.net")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.tars.runner.policy.net"));
  }

  private static NetworkLayer layer(String name, NetworkRule... rules) {
    return new NetworkLayer(List.of(rules), NetworkVote.nothingAllows(name, AT));
  }

  private static NetworkRule rule(String id, boolean allows, String host) {
    return new NetworkRule(
        vote(id, allows), List.of(HostPattern.parse(host)), List.of(), Set.of(443), Set.of());
  }

  private static NetworkVote vote(String id, boolean allows) {
    return new NetworkVote(id, "user", AT, allows, "", "");
  }
}
