package dev.tars.runner.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.Figures;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to the file of the log, its check says so. */
class AuditTamperTest {
  private int tampered;
  private int detected;
  private static final int RECORDS = 200;

  /** Of each byte: 8 in the full run, by default one, in turn. */
  private static final int BITS = Integer.getInteger("tars.tamper.bits", 1);

  @TempDir private Path temporary;
  private StoreLayout layout;
  private WorkspaceDir workspace;
  private AuditLog log;
  private Path file;
  private byte[] intact;
  private ObjectNode anchor;

  @BeforeEach
  void writeRecords() throws IOException {
    layout = StoreLayout.open(LinuxDisk.create(), temporary.resolve("state"));
    workspace = layout.workspace(Files.createDirectory(temporary.resolve("ws")));
    log = AuditLog.open(layout, workspace, Clock.systemUTC());
    for (int i = 0; i < RECORDS; i++) {
      log.appendLazily("note", CanonicalJson.object().put("number", i).put("text", "näme \u2028"));
      if (i % 50 == 49) {
        anchor = log.checkpoint().payload();
      }
    }
    file = workspace.path().resolve("log/audit.jsonl");
    intact = Files.readAllBytes(file);
    assertThat(log.verify(Optional.empty()).problem()).isEmpty();
    assertThat(log.verify(Optional.of(anchor)).anchored()).isTrue();
  }

  /** A link would be read and written to somewhere else, a pipe would be waited for. */
  @Test
  void whatStandsInThePlaceOfTheLogIsNoLog() throws Exception {
    Path kept = Files.writeString(temporary.resolve("kept"), "a person's\n");
    refusedAsDamaged(() -> Files.createSymbolicLink(file, kept));
    refusedAsDamaged(() -> Files.createDirectory(file));
    refusedAsDamaged(() -> new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    assertThat(kept).hasContent("a person's\n");
    assertThat(log.verify(Optional.empty()).problem()).isEmpty();

    Path directory = file.getParent();
    Path moved = Files.move(directory, temporary.resolve("moved"));
    Files.createSymbolicLink(directory, moved);
    assertDamaged();
  }

  private interface Put {
    void there() throws Exception;
  }

  private void refusedAsDamaged(Put put) throws Exception {
    Files.delete(file);
    put.there();
    assertDamaged();
    Files.delete(file);
    Files.write(file, intact);
  }

  private void assertDamaged() {
    AuditLog opened = AuditLog.open(layout, workspace, Clock.systemUTC());
    assertIntegrity(() -> opened.verify(Optional.empty()));
    assertIntegrity(opened::records);
    assertIntegrity(opened::sync);
    assertIntegrity(() -> opened.append("note", CanonicalJson.object()));
  }

  private static void assertIntegrity(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
  }

  @Test
  void aLineThatNoMemoryHoldsIsNoRecord() throws IOException {
    try (java.io.RandomAccessFile longer = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      longer.setLength(20L << 30); // a hole
    }
    AuditLog opened = AuditLog.open(layout, workspace, Clock.systemUTC());
    assertIntegrity(() -> opened.verify(Optional.empty()));
    assertIntegrity(opened::records);
    assertIntegrity(() -> opened.append("note", CanonicalJson.object()));
  }

  /** Afterwards none could be signed, so no transaction may begin. */
  @Test
  void aCheckpointThatIsNotOursIsFoundBeforeAnythingIsDone() throws IOException {
    AuditLog.open(layout, workspace, Clock.systemUTC()).requireVouched();
    for (String key : List.of("ed25519", "ed25519.pub")) {
      Files.delete(layout.keys().resolve(key));
    }
    assertIntegrity(AuditLog.open(layout, workspace, Clock.systemUTC())::requireVouched);
  }

  @AfterEach
  void count() {
    Figures.add("tampered", tampered);
    Figures.add("detected", detected);
  }

  private void found(boolean isDetected, String where) {
    tampered++;
    detected += isDetected ? 1 : 0;
    assertThat(isDetected).as(where).isTrue();
  }

  /**
   * The line that holds the bit is refused by itself, so the whole log is, wherever it is in it.
   */
  @Test
  void everyFlippedBitIsFound() {
    int turn = 0;
    List<byte[]> lines = lines();
    for (int i = 0; i < lines.size() - 1; i++) {
      byte[] one = lines.get(i);
      byte[] two = join(lines.subList(i, i + 2));
      for (int at = 0; at < one.length; at++) {
        for (int n = 0; n < BITS; n++) {
          // Without its line end a record runs into the next one.
          byte[] flipped = at == one.length - 1 ? two.clone() : one.clone();
          flipped[at] ^= (byte) (1 << (BITS == 8 ? n : turn++ % 8));
          found(isRefused(flipped), "line " + (i + 1) + ", byte " + at);
        }
      }
      assertThat(isRefused(two)).isFalse();
    }
  }

  @Test
  void everyBitOfOneRecordIsFound() {
    byte[] two = join(lines().subList(120, 122));
    for (int at = 0; at < two.length - 1; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = two.clone();
        flipped[at] ^= (byte) (1 << bit);
        found(isRefused(flipped), "byte " + at + ", bit " + bit);
      }
    }
  }

  @Test
  void aFlippedBitAnywhereIsFoundByTheWholeCheck() {
    for (int at = 0; at < intact.length; at += 307) {
      byte[] flipped = intact.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      found(check(flipped).isPresent(), "byte " + at);
    }
    byte[] last = intact.clone();
    last[last.length - 1] ^= 1;
    assertThat(check(last)).isPresent();
  }

  private static boolean isRefused(byte[] lines) {
    int start = 0;
    try {
      for (int i = 0; i < lines.length; i++) {
        if (lines[i] == '\n') {
          AuditRecord _ = AuditRecord.parse(java.util.Arrays.copyOfRange(lines, start, i));
          start = i + 1;
        }
      }
      return start < lines.length;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  @Test
  void everyDeletedLineIsFoundTheLastByTheAnchor() {
    for (int i = 0; i < lines().size() - 1; i++) {
      List<byte[]> lines = lines();
      lines.remove(i);
      found(check(join(lines)).isPresent(), "line " + (i + 1));
    }
  }

  @Test
  void everySwapAndEveryDoubleIsFound() {
    for (int i = 0; i < lines().size() - 1; i++) {
      List<byte[]> swapped = lines();
      Collections.swap(swapped, i, i + 1);
      found(check(join(swapped)).isPresent(), "swapped " + (i + 1));
      List<byte[]> doubled = lines();
      doubled.add(i, doubled.get(i));
      found(check(join(doubled)).isPresent(), "doubled " + (i + 1));
    }
  }

  @Test
  void everyTruncationIsFoundAtALineEndByTheAnchor() throws IOException {
    long anchored = anchor.path("seq").asLong();
    int ends = 0;
    for (int end = 0; end < intact.length; end += end % 5 == 0 ? 89 : 61) {
      boolean whole = end == 0 || intact[end - 1] == '\n';
      byte[] cut = java.util.Arrays.copyOf(intact, end);
      assertThat(check(cut).isPresent()).as("cut at %d", end).isEqualTo(!whole);
    }
    List<byte[]> lines = lines();
    for (int keep = 0; keep < anchored; keep++) {
      Files.write(file, join(lines.subList(0, keep)));
      found(log.verify(Optional.of(anchor)).problem().isPresent(), keep + " lines");
      ends++;
    }
    assertThat(ends).isGreaterThan(RECORDS);
  }

  @Test
  void aChainThatIsMadeAnewIsFoundByItsCheckpointsAndByTheAnchor() throws IOException {
    List<AuditRecord> records = log.records();
    ByteArrayOutputStream forged = new ByteArrayOutputStream();
    var previous = records.getFirst().previous();
    for (AuditRecord record : records) {
      ObjectNode payload = record.payload().deepCopy();
      if (record.seq() == 20) {
        payload.put("number", 666);
      }
      AuditRecord made =
          AuditRecord.of(
              new AuditRecord.Content(
                  record.seq(),
                  record.time(),
                  record.monotonicNanos(),
                  record.type(),
                  payload,
                  previous));
      forged.writeBytes(made.line());
      previous = made.hash();
    }
    assertThat(check(forged.toByteArray())).isPresent();
    Files.write(file, forged.toByteArray());
    assertThat(log.verify(Optional.of(anchor)).problem()).isPresent();
  }

  @Test
  void aTornLastRecordIsCutOffAndSaidSo() throws IOException {
    Files.write(file, java.util.Arrays.copyOf(intact, intact.length - 5));
    AuditLog reopened = AuditLog.open(layout, workspace, Clock.systemUTC());
    reopened.append("note", CanonicalJson.object());
    assertThat(reopened.verify(Optional.empty()).problem()).isEmpty();
    assertThat(reopened.records()).extracting(AuditRecord::type).contains("recovered");
  }

  @Test
  void aTornFirstRecordBeginsTheLogAgain() throws IOException {
    Files.write(file, java.util.Arrays.copyOf(intact, 30));
    AuditLog reopened = AuditLog.open(layout, workspace, Clock.systemUTC());
    reopened.append("note", CanonicalJson.object());
    assertThat(reopened.verify(Optional.empty()).problem()).isEmpty();
  }

  @Test
  void nothingIsAppendedToADamagedEnd() throws IOException {
    byte[] damaged = intact.clone();
    damaged[damaged.length - 10] ^= 1;
    Files.write(file, damaged);
    AuditLog reopened = AuditLog.open(layout, workspace, Clock.systemUTC());
    assertThatThrownBy(() -> reopened.append("note", CanonicalJson.object()))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY));
    assertThat(file).hasBinaryContent(damaged);
  }

  /** The check itself, without a file in between. */
  private Optional<String> check(byte[] content) {
    return new LogVerifier(new SigningKey(layout), workspace.id())
        .verify(
            Optional.of(new ForwardLines(new java.io.ByteArrayInputStream(content)::readNBytes)),
            Optional.empty(),
            true)
        .problem();
  }

  private List<byte[]> lines() {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < intact.length; i++) {
      if (intact[i] == '\n') {
        lines.add(java.util.Arrays.copyOfRange(intact, start, i + 1));
        start = i + 1;
      }
    }
    return lines;
  }

  private static byte[] join(List<byte[]> lines) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    lines.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
