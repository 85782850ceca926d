package dev.tars.runner.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a context in whose place somebody has put something else. */
@Timeout(60) // a pipe that is opened as a file is waited for without end
final class KeptFileTest {
  @TempDir private Path temp;
  private StoreLayout layout;
  private ContextDir dir;
  private Contexts contexts;

  @BeforeEach
  void aRun() throws IOException {
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    dir = layout.newContext();
    contexts = new Contexts(layout);
    RunContext.create(dir, KeptDocument.origin(dir.id()), Clock.systemUTC(), event -> {});
    for (String step : List.of("a", "b", "c")) {
      try (OutputStream log = dir.append("steps/" + step + ".log")) {
        log.write(("said " + step + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    Files.writeString(temp.resolve("secret.log"), "not for you\n");
  }

  @Test
  void asTheRunLeftThemTheyAreShown() {
    assertThat(events(0)).hasSize(1);
    assertThat(logs(Optional.empty())).isEqualTo("== a\nsaid a\n== b\nsaid b\n== c\nsaid c\n");
    assertThat(logs(Optional.of("b"))).isEqualTo("said b\n");
    assertThat(contexts.logs(dir.id().text(), Optional.of("b")))
        .containsExactly(new StepLog("b", "said b\n", true));
  }

  @Test
  void aLogThatIsTooLongForAValueSaysSo() throws IOException {
    try (OutputStream log = dir.append("steps/b.log")) {
      log.write("x".repeat(16 << 20).getBytes(StandardCharsets.UTF_8));
    }
    StepLog log = contexts.logs(dir.id().text(), Optional.of("b")).getFirst();
    assertThat(log.whole()).isFalse();
    assertThat(log.text()).hasSize(16 << 20).startsWith("said b\nxx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "pipe", "directory", "socket", "huge"})
  void somethingElseInPlaceOfTheEventsIsNotRead(String what) throws Exception {
    put(what, dir.path().resolve("events.jsonl"));
    assertDamaged(() -> events(0), "events.jsonl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "pipe", "directory", "socket", "huge"})
  void somethingElseInPlaceOfALogHidesNoOther(String what) throws Exception {
    Path log = dir.path().resolve("steps/b.log");
    put(what, log);
    if (what.equals("link")) {
      assertThat(log).hasContent("not for you"); // what a plain read shows
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertDamaged(() -> contexts.logs(dir.id().text(), Optional.empty(), out), "steps/b.log");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("== a\nsaid a\n== b\n== c\nsaid c\n");
    assertDamaged(() -> logs(Optional.of("b")), "steps/b.log");
    assertThat(logs(Optional.of("c"))).isEqualTo("said c\n");
  }

  @Test
  void aDirectoryOfLogsThatIsALinkIsNotFollowed() throws IOException {
    Files.move(dir.path().resolve("steps"), temp.resolve("steps"));
    Files.createSymbolicLink(dir.path().resolve("steps"), temp.resolve("steps"));
    assertThat(dir.path().resolve("steps/a.log")).hasContent("said a"); // the control
    assertDamaged(() -> logs(Optional.empty()), "steps");
  }

  @Test
  void aLineThatIsNoEventIsSaidAndTheNextOneIsRead() throws IOException {
    Path file = dir.path().resolve("events.jsonl");
    String event = Files.readString(file);
    append(file, event.substring(0, 20) + event + "[1]\n" + event + "{\"seq\":");
    assertThat(events(0))
        .extracting(e -> EventCodec.type(e.what()))
        .containsExactly("state", "unreadable", "unreadable", "state");
  }

  /** Who follows reads each event once, and a line that is being written when it is whole. */
  @Test
  void followedEventsComeOnce() throws IOException {
    Path file = dir.path().resolve("events.jsonl");
    String event = Files.readString(file);
    long position = contexts.events(dir.id().text(), 0, e -> {});
    append(file, event.substring(0, 20));
    position = contexts.events(dir.id().text(), position, e -> assertThat(e).isNull());
    append(file, event.substring(20));
    assertThat(events(position)).hasSize(1);
    Files.writeString(file, "");
    long after = position;
    assertDamaged(() -> events(after), "shorter");
  }

  @Test
  void aLineThatWouldFillTheMemoryIsRefused() throws IOException {
    append(dir.path().resolve("events.jsonl"), "x".repeat((4 << 20) + 1));
    assertDamaged(() -> events(0), "a line of it");
  }

  /** One that cannot be read does not hide the others, whatever stands in its place. */
  @ParameterizedTest
  @ValueSource(strings = {"link", "pipe", "directory", "socket", "huge", "text"})
  void aDamagedContextHidesNoOther(String what) throws Exception {
    ContextDir other = layout.newContext();
    RunContext.create(other, KeptDocument.origin(other.id()), Clock.systemUTC(), event -> {});
    put(what, dir.path().resolve("context.json"));
    List<Contexts.Damaged> damaged = new ArrayList<>();
    List<ContextRecord> all = contexts.all(damaged::add);
    assertThat(all).extracting(r -> r.id().text()).containsExactly("CTX-2");
    assertThat(damaged)
        .singleElement()
        .satisfies(d -> {
          assertThat(d.id()).isEqualTo(dir.id());
          assertThat(d.why().code()).isEqualTo(FailureCode.INTEGRITY);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "pipe", "directory", "socket"})
  void aLockThatIsNoFileIsDamageToo(String what) throws Exception {
    Files.createFile(dir.path().resolve("runner.lock"));
    assertThat(contexts.record(dir.id().text()).state()).isEqualTo(Ending.Failed.LOST);
    put(what, dir.path().resolve("runner.lock"));
    assertDamaged(() -> contexts.record(dir.id().text()), "runner.lock");
    assertDamaged(() -> RunnerLock.take(layout.disk(), dir), "runner.lock");
  }

  private void put(String what, Path file) throws Exception {
    Files.delete(file);
    switch (what) {
      case "link" -> Files.createSymbolicLink(file, temp.resolve("secret.log"));
      case "pipe" -> sh("mkfifo", file.toString());
      case "directory" -> Files.createDirectory(file);
      case "socket" -> {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          socket.bind(UnixDomainSocketAddress.of(file));
        }
      }
      case "text" -> Files.writeString(file, "no JSON");
      default -> {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
          sparse.setLength(1L << 40);
        }
      }
    }
  }

  private static void sh(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private List<ContextEvent> events(long from) {
    List<ContextEvent> events = new ArrayList<>();
    contexts.events(dir.id().text(), from, events::add);
    return events;
  }

  private String logs(Optional<String> step) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    contexts.logs(dir.id().text(), step, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void assertDamaged(ThrowingCallable call, String says) {
    assertThatThrownBy(call)
        .hasMessageContaining(says)
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY);
              assertThat(e.where()).contains("CTX-");
              assertThat(e.help()).isNotEmpty();
            });
  }
}
