package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.FakeEngine;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.LinuxDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Something else in the place of every file of a state directory, one after the other, and then
 * every command that reads: it ends soon, with a sentence, and shows and takes nothing from there.
 */
class PlantedStateTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path temp;
  private RunBench bench;
  private Path secret;

  @BeforeEach
  void aPromotedAndAWaitingRun() throws IOException {
    bench = new RunBench(temp.resolve("bench"));
    secret = Files.writeString(temp.resolve("secret"), Planted.CANARY + "\n");
    assertThat(bench.run().exit()).isEqualTo(12);
    assertThat(bench.approve().exit()).isZero();
    assertThat(bench.run().exit()).isEqualTo(12);
  }

  /** One file of each kind: numbers and digests in its path say nothing of who reads it. */
  private List<Path> places() throws IOException {
    Map<String, Path> kinds = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(bench.state)) {
      all.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS))
          .map(bench.state::relativize)
          .sorted()
          .forEach(p -> kinds.putIfAbsent(p.toString().replaceAll("[0-9a-f]{2,}|[0-9]+", "N"), p));
    }
    return List.copyOf(kinds.values());
  }

  @Test
  void asTheRunsLeftItEveryCommandReads() throws IOException {
    assertThat(places()).hasSizeGreaterThan(15);
    List<String> said = commands(bench.state, true);
    assertThat(said).as(said.toString()).noneMatch(s -> s.contains("error"));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LINKED_TARS", "HUGE"},
      mode = EnumSource.Mode.EXCLUDE)
  void nothingInThePlaceOfAFileOfTheStateDirectoryIsBelieved(Planted planted) throws Exception {
    List<String> faults = new ArrayList<>();
    for (Path place : places()) {
      if (planted == Planted.SPARSE && place.toString().matches(".*/displaced/.*|objects/.*")) {
        continue; // read as long as it is: nothing is lost, and each byte is compared
      }
      Path state = copy();
      Path elsewhere = Files.createDirectories(temp.resolve("hidden"));
      planted.plant(state.resolve(place), Files.copy(secret, elsewhere.resolve("secret")));
      try {
        String said =
            String.join(
                "\n",
                assertTimeoutPreemptively(
                    SOON, () -> commands(state, planted == Planted.LINK), "in time"));
        if (said.contains(Planted.CANARY)) {
          faults.add(place + " was followed: " + said);
        }
      } catch (AssertionError | Exception e) {
        faults.add(place + ": " + e);
      }
      Planted.remove(state);
      Planted.remove(elsewhere);
    }
    assertThat(faults).as(String.join("\n", faults)).isEmpty();
  }

  private Path copy() throws IOException {
    Path to = temp.resolve("state");
    try (Stream<Path> all = Files.walk(bench.state)) {
      for (Path from : all.toList()) {
        Files.copy(
            from,
            to.resolve(bench.state.relativize(from).toString()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }

  /**
   * What each command said; errors that are none of ours come out.
   *
   * @param all true to roll back too, which waits for the disk; else it is only shown
   */
  private List<String> commands(Path state, boolean all) {
    List<String> said = new ArrayList<>();
    List<Consumer<SandboxRunner>> commands = new ArrayList<>();
    Consumer<Object> say = what -> said.add(String.valueOf(what));
    for (String id : List.of("CTX-1", "CTX-2")) {
      commands.add(r -> say.accept(r.contexts().record(id)));
      commands.add(r -> r.contexts().events(id, 0, say::accept));
      commands.add(r -> say.accept(r.contexts().files(id)));
      commands.add(r -> say.accept(printed(out -> r.contexts().diff(id, out))));
      commands.add(r -> say.accept(printed(out -> r.contexts().logs(id, Optional.empty(), out))));
      commands.add(r -> say.accept(r.contexts().attestation(id)));
      commands.add(r -> say.accept(r.contexts().verdict(r.contexts().dir(id))));
      commands.add(r -> say.accept(r.report(id, "html")));
      commands.add(r -> r.exportBundle(id, temp.resolve("hidden-" + id)));
    }
    commands.add(r -> say.accept(r.contexts().all(say::accept)));
    commands.add(r -> say.accept(r.banner()));
    commands.add(r -> r.auditRecords(Optional.empty(), say::accept));
    commands.add(r -> say.accept(r.verifyAudit(Optional.empty())));
    commands.add(r -> say.accept(r.publicKey()));
    commands.add(r -> say.accept(r.caches().list()));
    commands.add(r -> say.accept(r.collectGarbage(true)));
    commands.add(r -> say.accept(r.recover()));
    commands.add(r ->
        say.accept(
            r.rollback(
                new RollbackCall(
                    "CTX-1", List.of(), Optional.empty(), all, false, Duration.ZERO))));
    try (SandboxRunner runner = open(state)) {
      for (Consumer<SandboxRunner> command : commands) {
        said(said, () -> command.accept(runner));
      }
    } catch (RunnerException e) {
      said.add("error " + e.code() + " " + e.getMessage() + e.notes() + e.help());
    }
    return said;
  }

  private static void said(List<String> said, Runnable command) {
    try {
      command.run();
    } catch (DiskException e) { // a command adds what to do
      said.add("error " + e.code() + " " + e.getMessage());
    } catch (RunnerException e) {
      said.add("error " + e.code() + " " + e.getMessage() + e.where() + e.notes() + e.help());
    }
  }

  private interface Printing {
    void to(ByteArrayOutputStream out);
  }

  private static String printed(Printing printing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    printing.to(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private SandboxRunner open(Path state) {
    FakeEngine engine = new FakeEngine();
    return SandboxRunner.open(
        new RunnerSettings(bench.workspace, state, Map.of("HOME", temp.toString())),
        new Ports(LinuxDisk.create(), engine::connect, Clock.systemUTC(), "alice"));
  }
}
