package dev.tars.runner.sandbox.docker;

import dev.tars.runner.sandbox.FakeEngine;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxContractTest;
import dev.tars.runner.store.StoreLayout;
import java.util.Optional;

/** The contract on a real engine; what its boxes keep in is in {@link BoxDockerIT}. */
class DockerSandboxDockerIT extends SandboxContractTest {
  @Override
  protected Sandbox connect(StoreLayout layout, FakeEngine fake) {
    return DockerSandbox.connect(Optional.empty(), layout);
  }

  @Override
  protected String reference() {
    return System.getProperty("tars.sandbox.image", FakeEngine.IMAGE);
  }
}
