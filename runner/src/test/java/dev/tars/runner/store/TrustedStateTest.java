package dev.tars.runner.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What somebody else may have written in the state directory is said, and not believed. */
class TrustedStateTest {
  private static final ProcessUser ALICE = new ProcessUser(1001, Set.of(1001));

  @TempDir private Path temp;
  private Path workspace;
  private Path state;

  @BeforeEach
  void makeState() throws IOException {
    workspace = Files.createDirectories(temp.resolve("ws"));
    state = temp.resolve("state");
    StoreLayout layout = open();
    signed(log(layout));
    layout.newContext().write("context.json", "{}".getBytes(UTF_8));
  }

  /** What is read, by a pattern for its place. */
  private record Reader(String place, Consumer<TrustedStateTest> read) {
    @Override
    public String toString() {
      return place;
    }
  }

  static final List<Reader> READERS =
      List.of(
          new Reader("objects", TrustedStateTest::open),
          new Reader("transactions", TrustedStateTest::open),
          new Reader("keys", TrustedStateTest::open),
          new Reader("workspaces", TrustedStateTest::open),
          new Reader("trees", t -> t.open().trees()),
          new Reader("caches", t -> t.open().caches()),
          new Reader("derived", t -> t.open().derived()),
          new Reader("workspaces/[^/]+", t -> t.open().workspace(t.workspace)),
          new Reader("workspaces/[^/]+/displaced", t -> t.open().workspace(t.workspace)),
          new Reader("workspaces/[^/]+/log", t -> t.log(t.open()).records()),
          new Reader("workspaces/[^/]+/log", t -> t.log(t.open()).append("run", record())),
          new Reader("workspaces/[^/]+/log/audit.jsonl", t -> t.log(t.open()).records()),
          new Reader(
              "workspaces/[^/]+/log/audit.jsonl", t -> t.log(t.open()).append("x", record())),
          new Reader(
              "workspaces/[^/]+/log/audit.jsonl", t -> t.log(t.open()).verify(Optional.empty())),
          new Reader("keys/ed25519", t -> signed(t.log(t.open()))),
          new Reader("keys/ed25519.pub", t -> t.log(t.open()).verify(Optional.empty())),
          new Reader("contexts/CTX-1", t -> t.context()),
          new Reader("contexts/CTX-1/context.json", t -> t.context().read("context.json")));

  @ParameterizedTest
  @FieldSource("READERS")
  void asItWasMadeItIsRead(Reader reader) {
    assertThatCode(() -> reader.read().accept(this)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @FieldSource("READERS")
  void whatOthersMayWriteToIsRefused(Reader reader) throws IOException {
    Path file = find(reader.place());
    String mode = Files.isDirectory(file) ? "rwxrwxrwx" : "rw-rw-rw-";
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    refused(reader, file, "others may write to it", "chmod o-w it");
  }

  @ParameterizedTest
  @FieldSource("READERS")
  void whatAGroupMayWriteToIsRefused(Reader reader) throws IOException {
    Path file = find(reader.place());
    String mode = Files.isDirectory(file) ? "rwxrwx---" : "rw-rw----";
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    refused(reader, file, "a group may write to it", "chmod g-w it");
  }

  @ParameterizedTest
  @CsvSource({
    "1001, 0600, 1001, 0700, ''",
    "1002, 0600, 1001, 0700, it belongs to user 1002",
    "0, 0600, 1001, 0700, it belongs to user 0",
    "0, 0600, 0, 0700, ''", // root's own state directory, looked into by who may
    "1001, 0622, 1001, 0700, others may write",
    "1001, 0660, 1001, 0700, a group may write",
    "1002, 0660, 1001, 02770, ''",
    "1002, 0640, 0, 02770, ''", // another person's key
    "1002, 0662, 1001, 02770, others may write",
    "1002, 0660, 1001, 02775, a group may write", // not shared with that group alone
  })
  void whoOwnsAndWhoMayWriteDecides(int uid, String mode, int around, String its, String why) {
    Optional<Sharing.Refusal> doubt = Sharing.doubt(stat(uid, mode), stat(around, its), ALICE);

    assertThat(doubt.map(Sharing.Refusal::why).orElse("")).startsWith(why);
    assertThat(doubt.isEmpty()).isEqualTo(why.isEmpty());
  }

  @Test
  void whatRootMadeForAnotherUserNamesBoth() {
    assertThat(Sharing.doubt(stat(0, "0600"), stat(1001, "0700"), ALICE).orElseThrow().help())
        .contains("chown it to user 1001");
  }

  private void refused(Reader reader, Path file, String why, String help) {
    assertThatThrownBy(() -> reader.read().accept(this))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY);
              assertThat(e).hasMessageContaining(why);
              assertThat(e.where()).isEqualTo(file.toString());
              assertThat(e.help()).contains(help);
            });
  }

  private Path find(String place) throws IOException {
    open().trees();
    open().caches();
    open().derived();
    try (Stream<Path> all = Files.walk(state)) {
      return all.filter(p -> state.relativize(p).toString().matches(place))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void signed(AuditLog log) {
    log.append("run", record());
    var _ = log.checkpoint();
  }

  private static ObjectNode record() {
    return JsonNodeFactory.instance.objectNode().put("context", "CTX-1");
  }

  private static FileStat stat(int uid, String mode) {
    return new FileStat(
        FileKind.REGULAR, Integer.parseInt(mode, 8), uid, 100, 0, 0, 0, 0, 1, 1, 1, 0, 1, 0);
  }

  private StoreLayout open() {
    return StoreLayout.open(LinuxDisk.create(), state);
  }

  private AuditLog log(StoreLayout layout) {
    return AuditLog.open(layout, layout.workspace(workspace), Clock.systemUTC());
  }

  private ContextDir context() {
    return open().context(open().lastContext().orElseThrow());
  }
}
