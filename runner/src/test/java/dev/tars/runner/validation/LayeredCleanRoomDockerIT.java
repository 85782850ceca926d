package dev.tars.runner.validation;

import dev.tars.runner.sandbox.FakeEngine;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.docker.DockerSandbox;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The contract with boxes of a real engine; attacks on it are in {@link CleanRoomDockerIT}. */
class LayeredCleanRoomDockerIT extends CleanRoomContractTest {
  private @Nullable Sandbox sandbox;

  @Override
  CleanRoom connect(Rooms rooms, Script script) {
    Sandbox connected = DockerSandbox.connect(Optional.empty(), rooms.layout);
    sandbox = connected;
    return CleanRoomsTest.layered(
        rooms, connected, System.getProperty("tars.sandbox.image", FakeEngine.IMAGE));
  }

  @Override
  int uid() {
    return Rooms.OWN_UID == 0 ? 65532 : Rooms.OWN_UID;
  }

  @AfterEach
  void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }
}
