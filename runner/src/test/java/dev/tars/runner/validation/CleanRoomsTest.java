package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.FakeEngine;
import dev.tars.runner.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The clean rooms that need no engine keep the contract, and the fake refuses misuse. */
class CleanRoomsTest {
  static final ResourceLimits LIMITS =
      new ResourceLimits(
          1000,
          ByteCount.mebibytes(256),
          64,
          ByteCount.mebibytes(64),
          10_000,
          256,
          ByteCount.mebibytes(1),
          ByteCount.mebibytes(16),
          Duration.ofMinutes(1));

  @Nested
  class Fake extends CleanRoomContractTest {
    @Override
    CleanRoom connect(Rooms rooms, Script script) {
      return script.answers();
    }

    @Override
    int uid() {
      return Rooms.OWN_UID;
    }
  }

  @Nested
  class OnLayers extends CleanRoomContractTest {
    @Override
    CleanRoom connect(Rooms rooms, Script script) {
      return layered(rooms, script.engine().connect(rooms.layout), FakeEngine.IMAGE);
    }

    @Override
    int uid() {
      return Rooms.OWN_UID == 0 ? 65532 : Rooms.OWN_UID;
    }
  }

  static CleanRoom layered(Rooms rooms, Sandbox sandbox, String reference) {
    Sandbox.ImageFacts image = sandbox.image(reference);
    Sandbox.Isolation _ = sandbox.prove(image, LIMITS);
    return new LayeredCleanRoom(
        rooms.place(),
        new SandboxBox(
            sandbox,
            new SandboxBox.Setting(image, LIMITS, Map.of(), "CTX-1", SandboxBox.Caches.NONE),
            SandboxBox.Logs.NONE,
            () -> false));
  }

  @Test
  void theFakeRefusesWhatNoCallerMayAskFor() {
    FakeCleanRoom room = new FakeCleanRoom().answer("g/after", FakeCleanRoom.exited(0));
    refused(room, job("g", "other", List.of("true"), Duration.ofSeconds(1)), "no answer");
    refused(room, job("g", "after", List.of(), Duration.ofSeconds(1)), "no command");
    refused(room, job("g", "after", List.of("true"), Duration.ZERO), "no time");
  }

  private static CleanRoom.Job job(String gate, String phase, List<String> argv, Duration timeout) {
    return new CleanRoom.Job(gate, phase, Optional.empty(), argv, timeout, List.of());
  }

  private static void refused(CleanRoom room, CleanRoom.Job job, String why) {
    assertThatThrownBy(() -> room.run(job))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(why);
  }
}
