package dev.tars.runner.run.bench;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import dev.tars.runner.workspace.Baselines;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Everything that runs on one workspace share. What is expensive to open, or may not be there, is a
 * supplier, so that a command pays only for what it uses.
 *
 * @param store opens the state directory, making it if need be
 * @param place opens the workspace; throws where the command was called outside one
 * @param user name of the operating system user who acts
 */
public record Workbench(
    Supplier<StoreLayout> store,
    Supplier<WorkspaceDir> place,
    Supplier<AuditLog> audit,
    Supplier<Sandbox> sandbox,
    Supplier<Baselines> baselines,
    PolicyLoader policies,
    String user,
    Clock clock) {

  public StoreLayout layout() {
    return store.get();
  }

  public WorkspaceDir workspaceDir() {
    return place.get();
  }

  /** The root of the workspace, its real path. */
  public Path workspace() {
    return place.get().root();
  }
}
