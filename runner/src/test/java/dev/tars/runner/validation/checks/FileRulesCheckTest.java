package dev.tars.runner.validation.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FileRulesCheckTest {
  private static final CheckRules RULES =
      CheckRules.standard(ChangeFixture.tests("src/test/", List.of()));

  @Test
  void theRulesAreAskedOfEachFileThatIsWrittenByWhatItIs() {
    List<FileFacts> asked = new ArrayList<>();
    ChangeFixture fixture =
        new ChangeFixture()
            .set("a.txt", "plain\n".getBytes(UTF_8), 0644)
            .set("b.txt", "h\u00f6h\n".getBytes(UTF_8), 0644)
            .set("c.txt", "\ufeffwide\n".getBytes(StandardCharsets.UTF_16LE), 0644)
            .set("d.txt", "h\u00f6h\n".getBytes(StandardCharsets.ISO_8859_1), 0644)
            .set("e.png", elf(true), 0644)
            .set("f.png", elf(false), 0644)
            .set("g.bin", new byte[] {1, 0, 2, 0}, 0644)
            .set("h.jpg", new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}, 0644)
            .set(
                "i.md",
                new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0},
                0644);
    fixture.findings(
        RULES,
        file -> {
          asked.add(file);
          return ChangeFixture.decision(Effect.ALLOW);
        });
    assertThat(asked)
        .extracting(f -> f.path() + " " + f.kind().word() + " " + f.encoding())
        .containsExactlyInAnyOrder(
            "a.txt text us-ascii",
            "b.txt text utf-8",
            "c.txt text utf-16",
            "d.txt text other",
            "e.png executable none",
            "f.png native-library none",
            "g.bin binary none",
            "h.jpg archive none",
            "i.md class none");
  }

  @Test
  void aDenialIsARejectionThatNamesTheRuleAndItsPlace() {
    ChangeFixture fixture = new ChangeFixture().set("a.txt", "x\n");
    assertThat(fixture.findings(RULES, file -> ChangeFixture.decision(Effect.DENY)))
        .filteredOn(f -> f.rule().equals("policy.file-denied"))
        .singleElement()
        .satisfies(f -> assertThat(f.severity()).isEqualTo(Severity.REJECT))
        .satisfies(f -> assertThat(f.message()).contains("files.rule", "policy.yaml:7:5"));
    assertThat(fixture.findings(RULES, file -> ChangeFixture.decision(Effect.ALLOW)))
        .extracting(Finding::rule)
        .doesNotContain("policy.file-denied");
  }

  @Test
  void specialBitsAreModes() {
    ChangedFile file =
        ChangedFile.of(
            new ChangeFixture().set("x", "x").changeSet().changes().getFirst(),
            java.util.Optional.empty(),
            java.util.Optional.of("x".getBytes(UTF_8)));
    assertThat(FileRulesCheck.facts(file, 0644).modes()).isEmpty();
    assertThat(FileRulesCheck.facts(file, 0654).modes()).containsExactly("executable");
    assertThat(FileRulesCheck.facts(file, 07644).modes())
        .isEqualTo(Set.of("setuid", "setgid", "sticky"));
  }

  @Test
  void whatIsTooLargeToLookIntoHasNoKind() {
    ChangedFile file =
        ChangedFile.of(
            new ChangeFixture().set("x", "x").changeSet().changes().getFirst(),
            java.util.Optional.empty(),
            java.util.Optional.empty());
    assertThat(FileRulesCheck.facts(file, 0644).kind()).isEqualTo(FileKind.UNKNOWN);
  }

  /** A 64-bit ELF file of the shared type, with or without an interpreter. */
  private static byte[] elf(boolean program) {
    ByteBuffer elf = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putShort(16, (short) 3).putLong(32, 64);
    elf.putShort(54, (short) 56).putShort(56, (short) 2);
    elf.putInt(64, 1).putInt(64 + 56, program ? 3 : 1);
    return elf.array();
  }
}
